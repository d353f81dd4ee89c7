"""Which enums and structs a type reaches, however deep, and in which order they can be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from generator.model.types import Struct, Type


def reachable(typed: Type, structs: Mapping[str, Struct]) -> set[str]:
    """Return the names of the enums and structs in a type."""
    found: set[str] = set()
    todo = list(typed.names)
    while todo:
        name = todo.pop()
        # Structs may contain themselves, as trees do; each is followed once.
        if name not in found:
            found.add(name)
            fields = structs[name].fields if name in structs else ()
            todo.extend(inner for field in fields for inner in field.type.names)
    return found


def has_scalars_in_text(typed: Type, structs: Mapping[str, Struct]) -> bool:
    """Whether numbers or booleans arrive inside strings, somewhere in a type."""
    return any(field.text for name in reachable(typed, structs) if name in structs for field in structs[name].fields)


def other_names(typed: Type, structs: Mapping[str, Struct]) -> tuple[str, ...]:
    """Return the other names that members of a type may arrive under, sorted."""
    reached = [structs[name] for name in reachable(typed, structs) if name in structs]
    return tuple(sorted({name for struct in reached for field in struct.fields for name in field.also}))


def dependencies_first(structs: Iterable[Struct], named: Callable[[Struct], set[str]]) -> list[Struct]:
    """Put each struct after those that it names; those that name each other in a circle come last, as they were."""
    waiting = {struct.name: struct for struct in structs}
    others = {name: (named(struct) & waiting.keys()) - {name} for name, struct in waiting.items()}
    done: dict[str, Struct] = {}
    # Until a round adds nothing: what is left then is a circle, which annotations as strings allow.
    before = -1
    while before < len(done):
        before = len(done)
        for name in [*waiting]:
            if others[name] <= done.keys():
                done[name] = waiting.pop(name)
    return [*done.values(), *waiting.values()]
