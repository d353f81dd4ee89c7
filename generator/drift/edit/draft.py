"""A first spec of a new API, from its documentation; each decision for a person is marked TODO."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from generator.build.api import build
from generator.check.names import CLASSES, CLIENT
from generator.drift.compare.against_spec import against_spec
from generator.drift.compare.changes import Change
from generator.drift.compare.reading import Reading, load_profile, read_pages
from generator.drift.edit.costs import buckets_of
from generator.drift.edit.envelope import envelope_of, servers_of, signing_of
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.guess import Guess
from generator.drift.edit.kinds import kind_of, leaves_open
from generator.drift.edit.operations import NewOperation
from generator.drift.edit.patch import Patch
from generator.drift.edit.rows import ONCE, Rows
from generator.drift.edit.shapes import TODO, enum_member_name
from generator.drift.edit.stated import comment_of, proposed_text, states_range
from generator.drift.edit.yaml_edit import dumped, flow, text_node
from generator.drift.facts.coverage import coverage_lines
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.observed import dump
from generator.drift.facts.profile import Profile
from generator.drift.facts.sanity import doubts
from generator.drift.pages.blocks import Document, Unreadable
from generator.ground.files import replace
from generator.ground.naming import names_module, pascal, snake
from generator.model.api import Api
from generator.source.load import READING_RULES, read_source

SCHEMA = "# yaml-language-server: $schema={}../schema/{}.json\n"
PUBLIC = re.compile(r"public|market|ticker|depth|kline|candle|time\b|symbols|ping|exchangeinfo|trades\b", re.IGNORECASE)
SIGNS = frozenset({"timestamp", "signature", "sign", "recvwindow", "apikey", "api_key", "nonce", "access_key"})


UNKNOWN = "https://example.com/unknown"


class Draft:
    """The files of a new API."""

    def __init__(self, name: str, documents: list[Document], specs: Path, today: str) -> None:
        if not names_module(name):
            raise Unreadable(f"{name}: the name of an API is a Python name in snake case, such as new_exchange")
        self._name = name
        self._folder = specs / name
        self._specs = specs
        self._today = today
        # docs.yaml may exist: one writes it first if the guessed profile reads a page wrongly.
        if self._folder.is_dir() and any(path.name != READING_RULES for path in self._folder.iterdir()):
            raise Unreadable(f"{self._folder} exists already; use `drift` to compare it with the documentation")
        self._text = self._profile_text()
        profile, guessed = Guess(documents).profile(SIGNS)
        self._profile: Profile = load_profile(specs, self._folder) if self._text else profile
        self._text = self._text or guessed
        self._reading = read_pages(documents, self._profile)
        self._facts = self._reading.all
        self._check(self._reading)
        self.report: list[str] = []
        """Lines for the user: what was guessed, counted and left open."""

    def _profile_text(self) -> str:
        path = self._folder / READING_RULES
        return path.read_text("utf-8") if path.is_file() else ""

    def _check(self, reading: Reading) -> None:
        found = doubts(reading.documents, reading.facts, {})
        if found or not self._facts.owners():
            raise Unreadable("\n".join(found or ["no operation was found; nothing was written"]))

    def write(self) -> None:
        """Write the folder, and report what was guessed and left open."""
        for path, text in self._skeleton().items():
            replace(self._folder / path, text.encode())
        source = read_source(self._specs, self._folder)
        files = SpecFiles(self._folder)
        self._fill(files, build(source).api)
        for path, text in files.changed().items():
            replace(self._folder / path, text.encode())
        self._settle()
        self._fill_report()

    def _settle(self) -> None:
        """Add what a comparison with the pages still misses, such as values that another list has."""
        api = build(read_source(self._specs, self._folder)).api
        changes, _ = against_spec(api, self._facts, self._profile, self._reading.documents)
        patch = Patch(self._folder, api, self._facts, self._profile, ())
        patch.apply(changes)
        Rows(self._facts, patch.files).fill_all()
        self._ask_lists(patch.files, changes)
        for path, text in patch.files.changed().items():
            replace(self._folder / path, text.encode())
        self.report += [f"left  {line}" for line in patch.left]

    def _ask_lists(self, files: SpecFiles, changes: list[Change]) -> None:
        """Ask once for each list of values that no parameter or field is named after."""
        enums = files.editor("types.yaml").doc.get("enums") or {}
        lists = dict[str, list[str]]()
        for change in changes:
            owner = change.owner.removeprefix("enum ")
            if change.id == "enum-value-added" and owner not in enums:
                lists.setdefault(owner, []).append(f"`{change.name}`")
        why = "No parameter or field of the drafted calls is named after the list."
        quirks = [
            flow({"what": f"{TODO}say what has the values {', '.join(values)} of the list `{name}`.", "why": why})
            for name, values in lists.items()
        ]
        if quirks:
            files.editor("api.yaml").doc["quirks"] = CommentedSeq(quirks)

    def _skeleton(self) -> dict[str, str]:
        files = {
            "api.yaml": SCHEMA.format("", "api") + dumped(self._api()),
            "errors.yaml": SCHEMA.format("", "errors") + dumped({"codes": self._codes()}),
            READING_RULES: (self._text if self._text.startswith("#") else SCHEMA.format("", "docs") + self._text),
            "observed.json": dump({name: facts for name, facts in self._reading.facts.items() if facts.facts}),
        }
        enums = self._enums()
        if enums:
            files["types.yaml"] = SCHEMA.format("", "types") + dumped({"enums": enums})
        return files

    def _api(self) -> dict[str, object]:
        text = "\n".join(document.text for document in self._reading.documents.values())
        pages = {name: flow(self._page(document)) for name, document in self._reading.documents.items()}
        self._ask_addresses(pages)
        api: dict[str, object] = {
            "title": f"{TODO}name the API and its version",
            "client": pascal(self._name),
            "summary": f"{TODO}say what the API is for.",
            "servers": {"production": flow(servers_of(text))},
            # The usual places; the documentation of most exchanges does not put them in a form that could be read.
            "carriers": flow({"GET": "query", "DELETE": "query", "POST": "json", "PUT": "json"}),
            "envelope": flow(envelope_of(self._facts)),
            "signing": signing_of(text),
        }
        weights = (fact for _, fact in self._facts.of("weight"))
        return api | buckets_of(text, weights) | {"pages": pages}

    def _page(self, document: Document) -> dict[str, object]:
        if document.file.startswith("https://"):
            return {"url": document.file, "read_on": self._today}
        return {"url": UNKNOWN, "read_on": self._today}

    def _ask_addresses(self, pages: dict[str, CommentedMap]) -> None:
        """Ask once for the addresses of all pages that came from files."""
        unknown = [page for page in pages.values() if page["url"] == UNKNOWN]
        if unknown:
            unknown[0]["title"] = text_node(
                f"{TODO}give the address of each page that has {UNKNOWN}, {len(unknown)} here."
            )

    def _codes(self) -> CommentedSeq:
        """Return the codes, each with the kind that its words suggest: a person confirms every one."""
        success = envelope_of(self._facts)["success"]
        assert isinstance(success, list)
        codes = CommentedSeq()
        for key, fact in self._facts.of("code", "errors"):
            codes.append(flow(_code(key[2], fact, is_success=key[2] in map(str, success))))
            if words := comment_of(fact.text):
                codes.yaml_add_eol_comment(f"page: {words}", len(codes) - 1, column=0)
        return codes

    def _values(self) -> dict[str, list[str]]:
        """Return the parameters that list their values, with the values."""
        values: dict[str, dict[str, None]] = {}
        for key, _ in self._facts.of("value"):
            path, _, value = key[2].partition("=")
            param = self._facts.facts.get((key[0], "param", path))
            if " /" in key[0] and param is not None and "." not in path and self._is_value(key[0], param, value):
                values.setdefault(path, {})[value] = None
        shared = self._profile.shared | SIGNS
        # A single value is usually an example, not a set of values.
        found = {wire: list(known) for wire, known in values.items() if len(known) > 1 and wire not in shared}
        return found | {wire: known for wire, known in self._lists_by_title().items() if wire not in found}

    def _is_value(self, owner: str, param: Fact, value: str) -> bool:
        """Whether what a description quotes is a value: no end of a range, no truth, no other parameter."""
        is_number = re.match(r"u?int|long|number|decimal|double|float|bool", param.value.lower()) is not None
        is_end = is_number or states_range(param.text)
        other = (owner, "param", value) in self._facts.facts
        return not (value in ("true", "false") or other or (is_end and re.fullmatch(r"-?[\d.]+|[A-Za-z]+", value)))

    def _lists_by_title(self) -> dict[str, list[str]]:
        """Return the parameters that a list of values is named after."""
        lists = dict[str, dict[str, None]]()
        for key, _ in self._facts.of("value"):
            if key[0].startswith("enum "):
                lists.setdefault(key[0].removeprefix("enum "), {})[key[2]] = None
        params = {key[2] for key, _ in self._facts.of("param") if " /" in key[0] and "." not in key[2]}
        samples = (members for owner, members in self._facts.samples.items() if " /" in owner)
        answers = ((path, kind) for members in samples for path, kind, _ in members)
        params |= {path.rpartition(".")[2] for path, kind in answers if kind == "string"}
        wires = {wire for wire in params - self._profile.shared if wire.lower() not in SIGNS}
        found = dict[str, list[str]]()
        for title, values in lists.items():
            words = re.findall(r"[A-Za-z][a-z0-9]*|[A-Z]+", title)
            names = {"".join(words).lower(), words[-1].lower()} if words else set[str]()
            found |= {wire: list(values) for wire in sorted(wires) if wire.lower().replace("_", "") in names}
        return found

    def _enums(self) -> dict[str, object]:
        """Return an enum for each parameter that lists its values."""
        return {enum_name(wire): self._enum(known) for wire, known in self._values().items()}

    def _enum(self, values: list[str]) -> dict[str, object]:
        # Longer digits are ids, or times.
        whole = all(re.fullmatch(r"-?\d{1,9}", value) for value in values)
        names = Counter[str]()
        members = CommentedSeq()
        for value in values:
            name = enum_member_name(value)
            names[name] += 1
            name = f"{name}_{names[name]}" if names[name] > 1 else name
            members.append(flow({"name": name, "value": int(value) if whole else value, "doc": proposed_text(value)}))
            if words := self._words_of(value):
                members.yaml_add_eol_comment(f"page: {words}", len(members) - 1, column=0)
        base: dict[str, object] = {"base": "integer"} if whole else {}
        return {"doc": f"{TODO}say what these values are for; {ONCE}."} | base | {"members": members}

    def _words_of(self, value: str) -> str:
        """Return what a page says of a value, apart from the value."""
        found = (fact.text for key, fact in self._facts.of("value") if key[2].rpartition("=")[2] == value)
        return next((comment_of(text) for text in found if text.strip("`*' ") not in ("", value)), "")

    def _page_of(self, owner: str, default: str) -> str:
        """Return the page that states an operation."""
        found = (name for name, facts in self._reading.facts.items() if (owner, "operation", "") in facts.facts)
        return next(found, default)

    def _fill(self, files: SpecFiles, api: Api) -> None:
        new = NewOperation(
            files,
            api,
            self._facts,
            self._profile,
            enums={wire: enum_name(wire) for wire in self._values()},
            titled=self._lists_by_title(),
        )
        rows = Rows(self._facts, files)
        page = next(name for name, facts in self._reading.facts.items() if facts.owners())
        for group, owners in groups_of(self._facts).items():
            taken, operations = set[str](), list[object]()
            for owner in owners:
                auth, because = auth_of(self._facts, owner)
                entry = new.entry(owner, {"auth": auth, "source": {"page": self._page_of(owner, page)}}, taken, because)
                entry["summary"] = text_node(proposed_text(entry["name"]))
                rows.fill(owner, entry)
                taken.add(entry["name"])
                operations.append(entry)
            content = {"doc": f"{TODO}say what this group is about; {ONCE}.", "operations": operations}
            text = SCHEMA.format("../", "rest") + dumped(content)
            replace(self._folder / "rest" / f"{group}.yaml", text.encode())

    def _fill_report(self) -> None:
        self.report[:0] = ["the profile that was used:", *(f"  {line}" for line in self._text.strip().split("\n"))]
        self.report += coverage_lines(self._reading.documents, self._reading.facts)
        self.report += [f"{note.kind}  {note}" for note in self._facts.notes if note.kind != "unmarked"]
        files = sorted(path for path in self._folder.rglob("*.yaml"))
        count = sum(path.read_text("utf-8").count("TODO") for path in files)
        self.report.append(f"wrote {self._folder}; {count} places say TODO, and `make generate` names each of them")


def _code(code: str, fact: Fact, *, is_success: bool) -> dict[str, object]:
    named = f" (`{fact.value}`)" if fact.value else ""
    kind, word = ("Success", code) if is_success else kind_of(f"{fact.value} {fact.text}")
    why = f", and check its kind, proposed because of `{word}`" if word else ", and choose its kind"
    entry: dict[str, object] = {"code": code, "kind": kind, "message": f"{TODO}say what this code{named} means{why}."}
    # Where the words leave it open, a draft does not claim that nothing was executed.
    is_open = kind == "ExchangeUnavailable" or leaves_open(f"{fact.value} {fact.text}")
    return entry | ({"outcome": "unknown"} if is_open else {})


def enum_name(wire: str) -> str:
    """Name an enum after the parameter that takes its values."""
    name = pascal(snake(wire)) or "Value"
    return f"{name}Kind" if name in CLASSES else name


def auth_of(facts: Facts, owner: str) -> tuple[str, str]:
    """Guess whether a call is signed, by what it takes, then by its path; and return the reason."""
    signs = [key[2] for key, _ in facts.of("param", owner) if key[2].lower() in SIGNS]
    if signs:
        return "signed", f"it takes `{signs[0]}`"
    public = PUBLIC.search(owner)
    if public and "private" not in owner:
        return "none", f"`{public[0]}` in its path"
    return "signed", "nothing says that it is public"


def groups_of(facts: Facts) -> dict[str, list[str]]:
    """Group operations by the first part in which their paths differ."""
    paths = {
        owner: [p for p in owner.split(" ", 1)[1].split("/") if p and not p.startswith("{")] for owner in facts.owners()
    }
    shared = 0
    while len({tuple(parts[: shared + 1]) for parts in paths.values()}) == 1 and all(
        len(p) > shared + 1 for p in paths.values()
    ):
        shared += 1
    groups: dict[str, list[str]] = {}
    for owner, parts in paths.items():
        rest = [p for p in parts[shared:] if not re.fullmatch(r"v\d+|api", p)]
        name = snake(rest[0]) if len(rest) > 1 else "common"
        # Groups become attributes of the client, and must not hide its own, such as `call`.
        name = f"{name}_calls" if keyword.iskeyword(name) or name in CLIENT else name
        groups.setdefault(name if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) else "common", []).append(owner)
    return groups
