"""Builds the channels that one can subscribe to: topics, parameters, what they push and how it is numbered."""

from __future__ import annotations

from typing import Literal, cast

from generator.build.meaning import shelf
from generator.build.types import TypeBuilder
from generator.ground.naming import pascal
from generator.model.channels import BookArguments, BookJoin, Channel, ChannelExample, ChannelParam, Sequence
from generator.model.documentation import Page
from generator.model.fitting import wire_text
from generator.model.types import Json, Type
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


class ChannelBuilder:
    """Builds the channels of one API, and notes mistakes in them."""

    def __init__(self, notes: Notes, types: TypeBuilder, pages: tuple[Page, ...]) -> None:
        self._notes = notes
        self._types = types
        self._pages = {page.name: page for page in pages}

    def channel(self, at: Map) -> Channel:
        """Build one channel."""
        name = str(at["name"])
        events = read.mapping(at, "events")
        where = f"channels.{name}"
        params = tuple(self._param(wire, p, where) for wire, p in read.entries(at, "params"))
        chosen_by = read.exact(read.mapping(at, "connection"), "by")
        connections = self._connections(at, where, params, chosen_by)
        return Channel(
            name=name,
            class_name=pascal(name),
            summary=read.text(at, "summary"),
            doc=read.maybe_text(at, "doc"),
            connection=connections[0],
            chosen_by=chosen_by,
            connections=connections,
            topic=read.json(at.get("topic")),
            # Most servers name the topic in a push as it was subscribed to.
            pushed=read.json(at.get("pushed", at.get("topic"))),
            params=params,
            payload=self._types.type(at, "returns", where) if "returns" in at else None,
            at=read.exact(events, "at"),
            events=self._events(read.mapping(events, "types"), where),
            delivers=cast(Literal["snapshot", "change"], at["delivers"]),
            every=read.maybe_text(at, "every"),
            sequence=_sequence(read.mapping(at, "sequence")) if "sequence" in at else None,
            examples=tuple(
                ChannelExample(read.json_map(e, "params"), read.json(e["push"])) for e in read.maps(at, "examples")
            ),
            quirks=read.quirks(at),
            page=self._page(at, where),
            heading=str(read.mapping(at, "source").get("heading", "")),
            book=_book(read.mapping(at, "book"), read.mapping(at, "params")) if "book" in at else None,
            join=_join(read.mapping(at, "join")) if "join" in at else None,
            shelf=shelf(at, read.EMPTY),
        )

    def _connections(
        self, at: Map, where: str, params: tuple[ChannelParam, ...], chosen_by: str | None
    ) -> tuple[str, ...]:
        if chosen_by is None:
            return (str(at["connection"]),)
        by_wire = {each.wire: each.param for each in params}
        if not self._types.rules.check_param(read.mapping(at, "connection"), "by", where, chosen_by, by_wire):
            return ("",)
        values = self._types.rules.values_of(by_wire[chosen_by])
        if not values:
            what = f"`{chosen_by}` has no listed values; they are the names of the connections"
            self._notes.add(read.mapping(at, "connection"), "by", where, what)
        return tuple(map(wire_text, values)) or ("",)

    def _events(self, at: Map, where: str) -> dict[str, Type]:
        return {value: self._types.type(at, value, f"{where}.events") for value in at}

    def _param(self, wire: str, at: Map, where: str) -> ChannelParam:
        param = self._types.param(wire, at, f"{where}.params", "query")
        case = cast("Literal['lower', 'upper'] | None", at.get("case"))
        return ChannelParam(param, case, read.exact(at, "suffix"))

    def _page(self, at: Map, where: str) -> Page:
        source = read.mapping(at, "source")
        name = str(source.get("page"))
        if name not in self._pages:
            self._notes.add(source, "page", f"{where}.source", f"no page `{name}` in api.yaml")
        return self._pages.get(name, Page(name, "", ""))


def _sequence(at: Map) -> Sequence:
    # Numbers that count steps, or that name the one before, grow; the spec need not say so again.
    step, previous = read.integer(at, "step"), read.exact(at, "previous")
    return Sequence(
        last=str(at["last"]),
        first=read.exact(at, "first"),
        previous=previous,
        step=step,
        grows=read.flag(at, "grows") or step is not None or previous is not None,
        resubscribe=at.get("on_gap") == "resubscribe",
        joins=at.get("on_gap") == "join",
    )


def _book(at: Map, params: Map) -> BookArguments:
    depth = read.exact(at, "depth")
    said: dict[int, Json] = {int(size): value for size, value in read.json_map(at, "depths").items()}
    allowed = read.scalars(read.mapping(params, depth), "values") if depth is not None and not said else ()
    return BookArguments(
        depth=depth,
        depths=said or {value: value for value in allowed if isinstance(value, int)},
        constants=read.json_map(at, "with"),
    )


def _join(at: Map) -> BookJoin:
    params = read.json_map(at, "params")
    return BookJoin(
        operation=str(at["operation"]),
        at=str(at["at"]),
        begins=cast(Literal["at", "after"], at["begins"]),
        params={wire: of for wire, of in params.items() if isinstance(of, str)},
        constants={wire: value for wire, value in params.items() if not isinstance(value, str)},
        levels=read.integer(at, "levels"),
    )
