"""A first spec of a new API, from its documentation; each decision for a person is marked TODO."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml.comments import CommentedSeq

from generator.build.api import build
from generator.drift.compare.against_spec import against_spec
from generator.drift.compare.changes import Change
from generator.drift.compare.reading import Reading, load_profile, read_pages
from generator.drift.draft.addresses import pages_of
from generator.drift.draft.auth import auth_of
from generator.drift.draft.channels import Channels
from generator.drift.draft.codes import codes_of
from generator.drift.draft.enums import SIGNS, Enums
from generator.drift.draft.envelope import body_of, envelope_of, servers_of
from generator.drift.draft.groups import groups_of
from generator.drift.draft.guess import Guess
from generator.drift.draft.rows import ONCE, Rows
from generator.drift.draft.signing import signing_of, window_of
from generator.drift.draft.things import name_things
from generator.drift.edit.answers import Answers
from generator.drift.edit.costs import buckets_of
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.operations import NewOperation
from generator.drift.edit.patch import Patch
from generator.drift.edit.shapes import TODO
from generator.drift.edit.sharing import Entry, share_structs
from generator.drift.edit.stated import proposed_text
from generator.drift.edit.yaml_edit import dumped, flow, text_node
from generator.drift.facts.coverage import coverage_lines
from generator.drift.facts.observed import dump
from generator.drift.facts.profile import Profile
from generator.drift.facts.sanity import doubts
from generator.drift.pages.blocks import Document, Unreadable
from generator.drift.pages.escape import visible
from generator.ground.files import replace
from generator.ground.naming import names_module, pascal
from generator.ground.tree import READING_RULES
from generator.model.api import Api
from generator.source.folder import read_source

SCHEMA = "# yaml-language-server: $schema={}../schema/{}.json\n"
ROUNDS = 3


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
        self._enums = Enums(self._facts, self._profile)
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
            replace(self._folder / path, visible(text).encode())
        source = read_source(self._specs, self._folder)
        files = SpecFiles(self._folder, are_ours=True)
        api = build(source).api
        self._fill(files, api)
        self._fill_streams(files, api)
        for path, text in files.changed().items():
            replace(self._folder / path, visible(text).encode())
        self._settle()
        self._name_structs()
        self._fill_report()

    def _settle(self) -> None:
        """Add what a comparison with the pages still misses, such as values that another list has."""
        # What was added may make an enum resemble another list, whose values are then missing.
        files = SpecFiles(self._folder, are_ours=True)
        for _ in range(ROUNDS):
            api = build(read_source(self._specs, self._folder)).api
            changes, _explained = against_spec(api, self._facts, self._profile, self._reading.documents)
            left = self._patch(files, api, changes)
            if not any(change.id == "enum-value-added" for change in changes):
                break
        self.report += [f"left  {line}" for line in left]

    def _name_structs(self) -> None:
        paths = [
            *self._folder.glob("rest/*.yaml"),
            *self._folder.glob("types.yaml"),
            *self._folder.glob("streams.yaml"),
        ]
        texts = {path.relative_to(self._folder).as_posix(): path.read_text("utf-8") for path in sorted(paths)}
        for path, text in name_things(texts, pascal(self._name)).items():
            replace(self._folder / path, text.encode())

    def _patch(self, files: SpecFiles, api: Api, changes: list[Change]) -> list[str]:
        """Apply changes, and return what a person must decide."""
        patch = Patch(files, api, self._facts, self._profile, ())
        patch.apply(changes)
        Rows(self._facts, files).fill_all()
        self._ask_lists(files, changes)
        for path, text in files.changed().items():
            replace(self._folder / path, visible(text).encode())
        return patch.left

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
            files.editor("api.yaml").doc.setdefault("quirks", CommentedSeq()).extend(quirks)

    def _skeleton(self) -> dict[str, str]:
        files = {
            "api.yaml": SCHEMA.format("", "api") + dumped(self._api()),
            "errors.yaml": SCHEMA.format("", "errors") + dumped(self._codes()),
            READING_RULES: (self._text if self._text.startswith("#") else SCHEMA.format("", "docs") + self._text),
            "observed.json": dump({name: facts for name, facts in self._reading.facts.items() if facts.facts}),
        }
        enums = self._enums.enums()
        if enums:
            files["types.yaml"] = SCHEMA.format("", "types") + dumped({"enums": enums})
        return files

    def _api(self) -> dict[str, object]:
        text = "\n".join(document.text for document in self._reading.documents.values())
        pages = pages_of(self._reading.documents, self._today)
        api: dict[str, object] = {
            "title": f"{TODO}name the API and its version",
            "client": pascal(self._name),
            "summary": f"{TODO}say what the API is for.",
            "servers": {"production": flow(servers_of(text, has_streams=any(self._facts.of("channel"))))},
            # The usual places; the documentation of most exchanges does not put them in a form that could be read.
            "carriers": flow(dict.fromkeys(("GET", "DELETE"), "query") | dict.fromkeys(("POST", "PUT"), body_of(text))),
            "envelope": flow(envelope_of(self._facts)),
            "signing": signing_of(text),
        }
        api |= {"signed_params": window} if (window := window_of(self._facts, text)) else {}
        weights = (fact for _, fact in self._facts.of("weight"))
        return api | buckets_of(text, weights) | {"pages": pages}

    def _codes(self) -> dict[str, object]:
        """Return the lists of codes, that of streams if pages have one."""
        success = envelope_of(self._facts)["success"]
        assert isinstance(success, list)
        lists = {"codes": codes_of(self._facts, "errors", set(map(str, success)))}
        if any(self._facts.of("code", "stream errors")):
            lists["stream_codes"] = codes_of(self._facts, "stream errors", set())
        return dict(lists)

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
            enums=self._enums.types(),
            titled=self._enums.lists_by_title(),
        )
        rows = Rows(self._facts, files)
        groups = {group: self._entries(owners, new, rows) for group, owners in groups_of(self._facts).items()}
        share_structs([entry for entries in groups.values() for entry in entries], files)
        for group, entries in groups.items():
            asked = f"{TODO}say what this group is about, and check {self._guessed(entries)}; {ONCE}."
            content = {"doc": asked, "operations": list[object](entries)}
            text = SCHEMA.format("../", "rest") + dumped(content)
            replace(self._folder / "rest" / f"{group}.yaml", visible(text).encode())

    def _fill_streams(self, files: SpecFiles, api: Api) -> None:
        """Write the documented channels; their structs join those of answers."""
        pages = {owner: name for name, facts in self._reading.facts.items() for owner in facts.owners("channel")}
        enums = {wire: name for wire, (name, _) in self._enums.types().items()}
        listed = {wire: name for wire, name in enums.items() if wire in self._enums.lists_by_title()}
        channels = Channels(self._facts, Answers(files, api, self._facts, listed), pages, enums)
        document = channels.document("\n".join(page.text for page in self._reading.documents.values()))
        if document:
            text = SCHEMA.format("", "streams") + dumped(document)
            replace(self._folder / "streams.yaml", visible(text).encode())

    def _guessed(self, entries: list[Entry]) -> str:
        """Return what was guessed of the calls of a group alike."""
        reasons = dict.fromkeys(auth_of(self._facts, str(entry["request"]))[1] for entry in entries)
        why = f" ({'; '.join(reason for reason in reasons if reason)})" if any(reasons) else ""
        limits = ", what their limits count (`by`)" if any("limit" in entry for entry in entries) else ""
        return f"the names of its calls (method and path) and structs, their auth{why}{limits} and their types"

    def _entries(self, owners: list[str], new: NewOperation, rows: Rows) -> list[Entry]:
        """Return the operations of one group."""
        page = next(name for name, facts in self._reading.facts.items() if facts.owners())
        taken, entries = set[str](), list[Entry]()
        for owner in owners:
            auth, _ = auth_of(self._facts, owner)
            entry = new.entry(owner, {"auth": auth, "source": {"page": self._page_of(owner, page)}}, taken, "")
            entry["summary"] = text_node(proposed_text(entry["name"]))
            rows.fill(owner, entry)
            taken.add(entry["name"])
            entries.append(entry)
        return entries

    def _fill_report(self) -> None:
        self.report[:0] = ["the profile that was used:", *(f"  {line}" for line in self._text.strip().split("\n"))]
        self.report += coverage_lines(self._reading.documents, self._reading.facts)
        self.report += [f"{note.kind}  {note}" for note in self._facts.notes if note.kind != "unmarked"]
        files = sorted(path for path in self._folder.rglob("*.yaml"))
        count = sum(path.read_text("utf-8").count("TODO") for path in files)
        self.report.append(f"wrote {self._folder}; {count} places say TODO, and `make generate` names each of them")
