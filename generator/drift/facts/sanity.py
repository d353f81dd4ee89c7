"""Decides whether pages can be trusted, before anything is compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from generator.drift.facts.facts import Fact, Facts
from generator.drift.pages.blocks import Document

FEW = 200  # letters of visible text: less is a shell that scripts would fill
ENOUGH = 5  # facts of a kind: below, losing most of them may be a real change
KEPT = 0.4  # share that must remain: if less does, the page is more likely wrong than changed
_KINDS = {"operation": "operations", "param": "parameters", "code": "error codes", "value": "enum values"}
_WALLS = {
    r"just a moment|checking your browser|enable javascript|cf-challenge|captcha|ddos protection": "a bot check",
    r"log ?in to continue|sign ?in to continue|<input[^>]+type=.?password|please (?:log|sign) ?in": "a login page",
    r"access denied|forbidden|page not found|404 not found|this page (?:could|can)(?:no|')t be found": "an error page",
}


def doubts(documents: Mapping[str, Document], facts: Mapping[str, Facts], observed: Mapping[str, Facts]) -> list[str]:
    """Return what makes pages look wrong; nothing if they can be trusted."""
    found = list[str]()
    any_fact = not all(page.is_empty for page in facts.values())
    for name, document in documents.items():
        known = observed.get(name)
        # A page of rules alone, such as how to sign, was one before.
        is_prose = known is not None and any(known.of("prose")) and any(facts[name].of("prose"))
        if facts[name].is_empty and ((known and not known.is_empty) or not (any_fact or is_prose)):
            found.append(f"{document.file}: {_nothing(document)}")
        elif known:
            found += [f"{document.file}: {what}" for what in _losses(known, facts[name])]
    return found


def _nothing(document: Document) -> str:
    text = document.text
    if not text.strip():
        return "the page is empty"
    # The beginning only: documentation may mention logins and errors anywhere.
    wall = next((what for pattern, what in _WALLS.items() if re.search(pattern, text[:20_000], re.IGNORECASE)), None)
    if wall:
        return f"this looks like {wall}, not like documentation"
    if "<script" in text and len(re.sub(r"<script.*?</script>|<[^>]+>|\s", "", text, flags=re.DOTALL)) < FEW:
        return "the page is built by scripts, which are not executed; save it from a browser, and use the file"
    if len(text) < FEW:
        return f"the page has {len(text)} characters, and no documentation among them"
    return (
        "no operation, channel, enum or error code was found; is this the right page, and in the language "
        "that docs.yaml is written for? `python -m generator facts` shows what is read"
    )


def _losses(old: Facts, new: Facts) -> list[str]:
    """Report the kinds of fact of which so many are missing that the page, or the way it is read, is probably wrong."""
    before, now = _counts(old), _counts(new)
    found = list[str]()
    for kind, plural in _KINDS.items():
        gone = sum(1 for key in old.facts if key[1] == kind and key not in new.facts)
        if before[kind] >= ENOUGH and before[kind] - gone < KEPT * before[kind] and now[kind] < KEPT * before[kind]:
            found.append(
                f"only {now[kind]} of {before[kind]} {plural} are left; the page looks cut off, changed in layout, or in "
                "another language. If they were really removed, use --believe"
            )
    return found


def faded(documents: Mapping[str, Document], facts: Mapping[str, Facts], observed: Mapping[str, Facts]) -> list[str]:
    """Return doubts about pages on which a column seems to be lost: parameters that have lost their marks or types."""
    found = list[str]()
    for name in facts.keys() & observed.keys():
        old, new = dict(observed[name].of("param")), dict(facts[name].of("param"))
        for what, shown in (("marked as required or optional", _is_marked), ("with a type", _is_typed)):
            had = [key for key in old.keys() & new.keys() if shown(old[key])]
            kept = sum(shown(new[key]) for key in had)
            if len(had) >= ENOUGH and kept < KEPT * len(had):
                found.append(
                    f"{documents[name].file}: only {kept} of {len(had)} parameters are still {what}; has a column another "
                    "heading? Then add it to `columns` in docs.yaml. If the page does not say it any more, use --believe"
                )
    return sorted(found)


def _is_marked(fact: Fact) -> bool:
    return fact.required is not None


def _is_typed(fact: Fact) -> bool:
    return bool(fact.value)


def _counts(facts: Facts) -> Counter[str]:
    return Counter(key[1] for key in facts.facts)


def strangers(facts: Mapping[str, Facts], known: set[str]) -> str | None:
    """Return a doubt if pages share no operation with the API; None otherwise."""
    owners = {key[0] for page in facts.values() for key in page.facts}
    operations = {owner for owner in owners if " /" in owner}
    if operations and known and not {_without_version(o) for o in operations} & {_without_version(o) for o in known}:
        return f"none of the {len(operations)} operations that were read belongs to this API; the first is {min(operations)}"
    return None


def _without_version(owner: str) -> str:
    """Return an operation without the version in its path, which may have changed for all operations at once."""
    return re.sub(r"/v\d+(?=/)", "", owner)
