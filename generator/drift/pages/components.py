"""Replaces the components of MDX and GitBook with plain Markdown.

Each stays on its line, so that line numbers remain those of the file.
"""

from __future__ import annotations

import re

from generator.drift.pages.headers import is_signing

# Attributes may contain `>` inside quotes or braces: <ParamField type="list<string>" required>.
_ATTRIBUTES = r"(?P<attributes>(?:\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[^<>\"'{}])*?)"
_TAG = re.compile(rf"<(?P<name>[A-Z][\w.]*)(?=[\s/>]){_ATTRIBUTES}\s*/?>")
# GitBook: {% swagger method="get" path="/v1/time" %} … {% endswagger %}.
_BLOCK = re.compile(r"\{% (?P<name>[a-z-]+)(?P<attributes>(?:\"[^\"\n]*\"|[^\"%\n])*)%\}")
# The link to the document that describes a call, in a line of its own below the block's first one.
_SOURCE = re.compile(r"(\{% openapi[^\n]*%\}\n)\[[^\n]*\)[ \t]*\n")
# What a page of MDX loads, above its first sample: programs there begin alike.
_IMPORT = re.compile(r"^import [\w{}*, ]+ from ['\"][^'\"\n]+['\"];?[ \t]*$", re.MULTILINE)
_CLOSING = re.compile(r"</[A-Z][\w.]*>|\{% end[a-z-]+ %\}")
# `name`, `name="…"`, `name='…'`, `name={…}`.
_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|\{([^{}]*)\}))?")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# The lines above a page may name its endpoint, alone or behind the file of an OpenAPI document.
_ENDPOINT = re.compile(
    r"^(?:api|openapi|endpoint): *[\"']?(?:\S+\.(?:json|ya?ml) +)?(GET|POST|PUT|DELETE|PATCH) +(\S+?)[\"']?\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_TITLE = re.compile(r"^title: *[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_UPPER = re.compile(r"^(?:#{1,2}\s|<h[12]\b)", re.MULTILINE)
_LOWER = re.compile(r"^#{3,}\s", re.MULTILINE)
# Four spaces would make code of it in Markdown; within a component, it is only indented.
_INDENTED = re.compile(
    r"^[ \t]{4,}(?=</?(?:table|thead|tbody|tr|td|th|details|summary|dl|dt|dd|ul|ol|li|p)\b)", re.MULTILINE
)
TITLE = 40  # letters of a title behind a request
NAMES = ("name", "query", "path", "body", "header", "param")
LABELS = {"requestexample": "Request example", "responseexample": "Response example", "swagger-response": "Response"}


def without_components(text: str) -> str:
    """Return a page with its components as list entries, endpoints and labels; others are omitted."""
    text = _with_labels(_FRONT.sub(_front, _SOURCE.sub(r"\1\n", text), count=1))
    head, fence, rest = text.partition("```")
    text = _IMPORT.sub("", head) + fence + rest
    plain = _CLOSING.sub("", _BLOCK.sub(_rewrite, _TAG.sub(_rewrite, text)))
    # Inside components, tables are indented; in plain Markdown, that would make them samples, or lines of text.
    return plain if plain == text else _INDENTED.sub("", plain)


def _with_labels(text: str) -> str:
    """Write a label above the fields of an answer, in the empty line there: as entries of a list, they have none."""
    lines, is_answer = text.split("\n"), False
    for at, line in enumerate(lines):
        if line.startswith("<ParamField"):
            is_answer = False
        elif line.startswith("<ResponseField") and not is_answer:
            is_answer = True
            if at and not lines[at - 1].strip():
                lines[at - 1] = "**Response fields**"
    return "\n".join(lines)


def _front(match: re.Match[str]) -> str:
    """Reduce the lines above a page to its title and endpoint."""
    text, lines = match.group(), match.group().count("\n")
    endpoint, title = _ENDPOINT.search(text), _TITLE.search(text)
    # Where all headings are lower ones, the title is that above them; other pages repeat it as a heading.
    is_above = endpoint or (_LOWER.search(match.string) and not _UPPER.search(match.string))
    kept = [f"# {title.group(1)}", ""] if title and is_above else []
    kept += [f"`{endpoint.group(1).upper()} {endpoint.group(2)}`", ""] if endpoint else []
    return "\n" * max(0, lines - len(kept)) + "".join(f"{line}\n" for line in kept)


def _rewrite(match: re.Match[str]) -> str:
    """Return the Markdown for a component; unknown ones are removed if they fill a line."""
    written = _markdown_of(match.group("name"), _attributes(match.group("attributes")))
    text, lines = match.string, match.group().count("\n")
    # A tag inside a line may be a type, such as `List<Order>`, so only whole lines are components.
    before = text[max(0, match.start() - 80) : match.start()].rpartition("\n")[2]
    alone = not (before + text[match.end() : match.end() + 1]).strip()
    return written + "\n" * lines if written or alone or match.re is _BLOCK else match.group()


def _attributes(text: str) -> dict[str, str]:
    found = dict[str, str]()
    for name, *values in _ATTRIBUTE.findall(text):
        found[name.lower()] = next((value for value in values if value), "").strip("\"'` ")
    return found


def _markdown_of(component: str, given: dict[str, str]) -> str:
    """Return the Markdown for one component: a parameter or field, an endpoint, a tab; empty for others."""
    path = given.get("path") or given.get("url") or given.get("endpoint") or ""
    if given.get("method") and path:
        title = re.sub(r"\s*[(（].*", "", given.get("summary", ""))[:TITLE].strip()
        # A heading, so that each call is a section with its own title; on one line, so that the others keep theirs.
        host = given.get("baseurl", "") if path.startswith("/") else ""
        request = f"{given['method'].upper()} {host}{path}"
        return f"### {request} ({title})" if title else f"`{request}`"
    if "ratelimit" in component.lower() and (amounts := _amounts(given)):
        return f"Rate limit: {amounts}"
    name = next((given[key] for key in NAMES if given.get(key)), "")
    if is_signing(name) and ("header" in given or given.get("in") == "header"):
        return ""
    if name and given.get("type"):
        return f"- `{name}` ({given['type']}{_mark(given)}): "
    if component.lower() in LABELS:
        return f"**{LABELS[component.lower()]}**"
    title = given.get("label") or given.get("title") or ""
    return f"**{title.strip()}**" if title and re.match(r"tab(?:item)?\Z", component, re.IGNORECASE) else ""


def _amounts(given: dict[str, str]) -> str:
    """Return how many calls a component allows in which time; empty where it does not say it."""
    calls = next((given[key] for key in ("requests", "limit", "calls", "count", "max") if given.get(key)), "")
    per = next((given[key] for key in ("period", "per", "interval", "window") if given.get(key)), "")
    return f"{calls} requests per {per}" if calls.isdigit() and per else ""


def _mark(given: dict[str, str]) -> str:
    if "required" not in given:
        # In these components, what is not marked as required is optional; members of answers have no such mark.
        return ", optional" if given.keys() & {"query", "path", "body", "header", "param", "in"} else ""
    return ", optional" if given["required"] in ("false", "{false}") else ", required"
