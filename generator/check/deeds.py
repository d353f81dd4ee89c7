"""Finds calls whose parameters, answers or effects contradict what they are said to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.build.types import INVALID
from generator.check.meaning import article
from generator.check.names import operations_of
from generator.ground.problems import suggest
from generator.model import vocabulary
from generator.model.api import Api
from generator.model.deeds import Deed
from generator.model.meaning import Held, Meanings
from generator.model.operations import Operation
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

NAMED = frozenset({"order", "group", "fill", "loan", "repayment", "transfer", "entry"})
"""Things with ids: one of them is got by its id."""
READS = frozenset({"get", "list"})
SHARED = frozenset({"kind", "symbol"})
"""What several parameters of one call can mean: each adds features, or another symbol."""
NO_SHELF = (
    "orders are placed by several calls, so what is about orders says its `shelf`; else one is sought among others"
)
ID = re.compile(r"id|.*(Id|ID|_id)")
"""Wire names of ids, in any style: `orderId`, `orderID`, `order_id`."""
TEXTS = ("string", "integer")
CHANGES = frozenset({"place", "amend", "cancel", "close"})


def check_deeds(source: Source, api: Api, notes: Notes) -> None:
    """Note contradictions between what calls do and what they take, answer and cost."""
    shelved = _needs_shelves(api)
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            for key, what in _problems(operation, api, shelved):
                notes.add(at, key, operation.name, what)
            _check_params(operation, at, notes)
            _check_ids(operation, at, notes)
    if shelved:
        _check_channels(source, api, notes)


def _check_ids(operation: Operation, at: Map, notes: Notes) -> None:
    """Note ids of a list that may be filters, or where a page begins: taken for the other, they find another order."""
    paging = read.mapping(at, "paging")
    named = {wire for value in paging.values() for wire in (value if isinstance(value, list) else [value])}
    lists = any(deed.verb == "list" for deed in operation.deeds)
    own = [param for param in operation.params if not param.common and param.type.kind in TEXTS]
    for param in own if lists and "unsaid" not in paging else ():
        if param.means is None and param.wire not in named and ID.fullmatch(param.wire):
            what = (
                "is an exact filter (`means: id`, or another thing's id), or where a page begins (`paging`); say which"
            )
            notes.add(read.mapping(at, "params"), param.wire, f"{operation.name}.params.{param.wire}", what)


def _check_channels(source: Source, api: Api, notes: Notes) -> None:
    channels = api.streams.channels if api.streams else ()
    places = read.maps(source.files.get("streams.yaml", read.EMPTY), "channels")
    for channel, at in zip(channels, places, strict=True):
        carries = any(api.meanings.held(typed, "order") for typed in channel.types)
        if carries and not channel.shelf.name and not channel.shelf.by:
            notes.add(at, "returns" if "returns" in at else "events", f"channels.{channel.name}", NO_SHELF)


def _needs_shelves(api: Api) -> bool:
    """Whether orders of different kinds are placed by different calls, batches aside."""
    # Batches aside: they place the same orders as the call beside them.
    places = [o for o in api.doing("place", "order") if not api.meanings.is_batch(o)]
    return len(places) > 1


def _problems(operation: Operation, api: Api, shelved: bool) -> Iterator[tuple[str, str]]:
    for deed in operation.deeds:
        yield from _effect_problems(operation, deed)
        yield from _answer_problems(operation, deed, api.meanings)
        if (
            deed.verb == "get"
            and deed.thing in NAMED
            and not any(p.phrase in ("id", "client_id") for p in operation.params)
        ):
            yield "does", f"gets one {deed.thing}, but no parameter means its `id`; `list` is for several"
        if shelved and deed.thing == "order" and operation.shelf.name == "" and not operation.shelf.by:
            yield "does", NO_SHELF
    yield from _leg_problems(operation)
    yield from _word_problems(operation, api.meanings)
    yield from _client_id_problems(operation)


def _leg_problems(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield parameters and legs that are not there, and orders of a group that say too little."""
    places = any((deed.verb, deed.thing) == ("place", "group") for deed in operation.deeds)
    if bool(operation.legs) != places:
        yield "legs" if operation.legs else "does", "`place group` and `legs` belong together"
    params, names = [param.wire for param in operation.params], [leg.name for leg in operation.legs]
    for leg in operation.legs:
        for wire in leg.sent:
            if wire not in params:
                yield "legs", f"{leg.name}: no parameter `{wire}`{suggest(wire, params)}"
        if leg.after is not None and leg.after not in names:
            yield "legs", f"{leg.name}: no leg `{leg.after}`{suggest(leg.after, names)}"
        missing = [phrase for phrase in ("side", "quantity") if phrase not in leg.sent.values()]
        for phrase in missing:
            yield "legs", f"{leg.name}: no parameter means its {phrase}"


def _effect_problems(operation: Operation, deed: Deed) -> Iterator[tuple[str, str]]:
    if deed.verb in READS and operation.effect != "read":
        yield "does", f"`{deed.spec}` changes nothing, but `effect` is {operation.effect}"
    if deed.verb not in READS and operation.effect == "read":
        yield "does", f"`{deed.spec}` changes something, but `effect` is read"
    # The one mistake that costs money: the client would send the order again.
    if deed.verb == "place" and operation.effect == "repeatable":
        yield "does", f"sent twice, `{deed.spec}` makes two; `effect` must be once"


def _answer_problems(operation: Operation, deed: Deed, meanings: Meanings) -> Iterator[tuple[str, str]]:
    # Its type was reported already, and nothing can be found in it.
    if operation.returns is INVALID:
        return
    held = meanings.held(operation.returns, deed.thing)
    if deed.verb in READS and deed.thing in vocabulary.PHRASES and not held:
        yield "returns", f"contains no {deed.thing}, which `{deed.spec}` promises; mark its struct with `is` in types.yaml"
    # Loans may have no id: borrowing is found by likeness. An order without one is lost as soon as it is placed.
    makes = (deed.verb, deed.thing) == ("place", "order") or (deed.verb == "close" and not deed.every)
    if makes and not any(_has_id(each, meanings) for each in meanings.held(operation.returns, "order")):
        yield "does", "creates an order, but no member of the response means its `id`"


def _has_id(held: Held, meanings: Meanings) -> bool:
    return meanings.place(held.struct, "id", "order") is not None


def _word_problems(operation: Operation, meanings: Meanings) -> Iterator[tuple[str, str]]:
    """Yield words that say something of another kind of call."""
    verbs = {deed.verb for deed in operation.deeds}
    for key, given in {"of": operation.of != "some", "forgets": operation.forgets is not None}.items():
        if given and not verbs & READS:
            yield key, "says what can be found, but this call neither gets nor lists"
    for key, given in {"pairs": operation.pairs is not None, "receipt": operation.receipt}.items():
        if given and not verbs & CHANGES:
            yield key, "says what a response proves, but this call changes nothing"
    if operation.pairs and verbs & CHANGES:
        yield from _pair_problems(operation, meanings)
    for wire in operation.shelf.by:
        if wire not in {param.wire for param in operation.params}:
            yield "shelf", f"no parameter `{wire}`{suggest(wire, [param.wire for param in operation.params])}"


def _pair_problems(operation: Operation, meanings: Meanings) -> Iterator[tuple[str, str]]:
    if not meanings.is_batch(operation):
        yield "pairs", "is for calls about several things, but no parameter is a list of them or of their ids"
        return
    things = [deed.thing for deed in operation.deeds if deed.verb in CHANGES]
    held = [(each, thing) for thing in (*things, "refusal") for each in meanings.held(operation.returns, thing)]
    if not held:
        yield "pairs", "the response contains neither things nor refusals"
    for each, thing in held:
        named = meanings.place(each.struct, operation.pairs or "", thing) or any(
            field.keys == operation.pairs for field in each.struct.fields
        )
        if operation.pairs != "order" and not named and not meanings.place(each.struct, operation.pairs or ""):
            yield "pairs", f"pairs by {operation.pairs}, which {article(thing)} of the response does not have"


def _client_id_problems(operation: Operation) -> Iterator[tuple[str, str]]:
    places = any(deed.verb == "place" for deed in operation.deeds)
    own = next((p.wire for p in operation.params if p.phrase == "client_id"), None)
    if places and own is not None and operation.client_id != own:
        yield "client_id" if operation.client_id else "does", f"`{own}` means the client id; `client_id` must name it"


def _check_params(operation: Operation, at: Map, notes: Notes) -> None:
    """Note parameters that mean what no thing of the call has, or what another one means already."""
    places = read.mapping(at, "params")
    things = tuple({deed.about for deed in operation.deeds})
    seen: dict[str, str] = {}
    for param in operation.params:
        place, where = read.mapping(places, param.wire), f"{operation.name}.params.{param.wire}"
        if place.get("means") and not operation.deeds:
            notes.add(place, "means", where, "says what it means, but the call has no `does`")
        for phrase in param.means.phrases if param.means and operation.deeds else ():
            if not vocabulary.belongs(things, phrase.text):
                known = [each for thing in things for each in vocabulary.PHRASES[thing]]
                notes.add(
                    place,
                    "means",
                    where,
                    f"no {' or '.join(things)} has a `{phrase.text}`{suggest(phrase.text, known)}",
                )
        if param.unique and param.phrase != "client_id":
            notes.add(place, "unique", where, "is only for client ids (`means: client_id`)")
        only = param.phrase
        if only and only not in SHARED and param.type.kind != "list":
            # The client would not know which of the two to fill.
            if only in seen:
                notes.add(places, param.wire, where, f"means `{only}`, as `{seen[only]}` does; only one of them can")
            seen.setdefault(only, param.wire)
