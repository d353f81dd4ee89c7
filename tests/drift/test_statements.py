"""What a page says outside of operations counts: a hash by heading, and what can be read of it by name."""

from __future__ import annotations

import pytest

from generator.drift.compare.compare import compare
from generator.drift.facts.sanity import doubts
from generator.drift.pages.blocks import Document
from tests.drift.reading import changed, names, read

CALL = "\n## Light\n\nPOST /lamps\n\n**Response**\n\n```json\n{}\n```\n"


@pytest.mark.parametrize(
    ("id", "before", "after"),
    [
        ("address-changed", "* Ask https://lamp.example.com here.", "* Ask https://lamp2.example.com here."),
        ("limit-changed", "* At most 20 calls every 1 second.", "* At most 5 calls every 1 second."),
        ("unit-changed", "* Times are in milliseconds.", "* Times are in microseconds."),
        ("signing-changed", "Sign = Hex(HMAC(secret, text))", "Sign = Base64(HMAC(secret, text))"),
        ("signing-changed", "Send the key in `X-LAMP-KEY`.", "Send the key in `X-GLOW-KEY`."),
        ("signing-changed", "Send the key in `x-lamp-access-key`.", "Send the key in `x-glow-access-key`."),
        ("window-changed", "A `recvWindow` above 60,000 is refused.", "A `recvWindow` above 30,000 is refused."),
        ("window-changed", "`X-LAMP-RECV-WINDOW` is 5,000 by default.", "`X-LAMP-RECV-WINDOW` is 3,000 by default."),
        ("window-changed", "A timestamp may be 30 seconds old.", "A timestamp may be 10 seconds old."),
        ("address-changed", "Streams: `stream.example.kz`.", "Streams: `stream.example.tr`."),
        ("address-changed", "Spot: wss://lamp.example.com/v5/spot", "Spot: wss://lamp.example.com/v6/spot"),
        ("limit-changed", "6,000 request weight per minute.", "3,000 request weight per minute."),
        (
            "limit-changed",
            "5 incoming messages in a rolling 10 seconds.",
            "3 incoming messages in a rolling 10 seconds.",
        ),
        (
            "address-changed",
            "| Host | Where |\n|---|---|\n| api.example.com | West |",
            "| Host | Where |\n|---|---|\n| api.example.net | West |",
        ),
        ("signing-changed", "```\nsign = hex(hmac(text))\n```", "```\nsign = base64(hmac(text))\n```"),
    ],
)
def test_what_a_section_states_is_told_by_name_with_its_line(id: str, before: str, after: str) -> None:
    """A change of what every call depends on breaks programs, whichever heading it stands under."""
    old, new = (f"# Lamps\n\nFirst words.\n\n{words}\n{CALL}" for words in (before, after))
    found = [c for c in changed(old, new) if c.id == id]
    assert [("breaking", "section Lamps")] == [(c.level, c.owner) for c in found]
    assert 5 <= found[0].line <= 7


def test_a_second_address_is_new_and_takes_nothing_away() -> None:
    """Only what differs is reported, however many addresses a section lists."""
    old, new = (f"# Lamps\n\nAsk https://a.example.com{more}.\n{CALL}" for more in ("", " or https://b.example.com"))
    found = [c for c in changed(old, new) if c.id == "address-changed"]
    assert [("new", "", "https://b.example.com")] == [(c.level, c.before, c.after) for c in found]


@pytest.mark.parametrize(
    "text", ["Read https://lamp.example.com, then https://glow.example.com.", "| A | B |\n|---|---|\n| x | y |"]
)
def test_another_order_of_what_is_stated_is_no_change_of_it(text: str) -> None:
    """Addresses may stand in any order."""
    other = text.replace("lamp", "%").replace("glow", "lamp").replace("%", "glow")
    found = changed(f"# Lamps\n\n{text}\n{CALL}", f"# Lamps\n\n{other}\n{CALL}")
    assert [] == [c for c in found if c.id != "wording-changed"]


CALLS = """\
# Calls without a path

Words.

## Light up

```json
{{"id": 1, "method": "lamp.light", "params": {{"room": "hall"}}}}
```

Weight: {weight}

| Name | Type | Mandatory | Description |
|---|---|---|---|
| room | STRING | YES | Where. |
{row}
Response

```json
{{"id": 1, "result": {{"lit": true{member}}}}}
```
"""


@pytest.mark.parametrize(
    ("part", "id", "name", "level"),
    [
        ({"row": "| depth | INT | YES | How deep. |\n"}, "param-added", "depth", "breaking"),
        ({"member": ', "glow": "red"'}, "response-field-added", "result.glow", "new"),
        ({"weight": "5"}, "limit-changed", "weight", "breaking"),
    ],
)
def test_a_call_without_a_path_is_compared_under_its_heading(
    part: dict[str, str], id: str, name: str, level: str
) -> None:
    """Calls through a WebSocket have parameters, answers and weights, too; nothing of them goes unheard."""
    common = {"row": "", "member": "", "weight": "2"}
    found = [c for c in changed(CALLS.format(**common), CALLS.format(**common | part)) if c.id != "wording-changed"]
    assert [(id, "section Light up", name, level)] == [(c.id, c.owner, c.name, c.level) for c in found]


def test_other_words_are_told_as_wording() -> None:
    """A rule that nobody can read by machine is still known to have changed."""
    found = changed(*(f"# Lamps\n\nLamps are lit at {hour}.\n{CALL}" for hour in ("dusk", "dawn")))
    assert [("wording-changed", "section Lamps", 1)] == [(c.id, c.owner, c.line) for c in found]


@pytest.mark.parametrize("envelope", ['{{"code": "0", "data": {}}}', '{{"status": "ok", "msg": "", "result": {}}}'])
@pytest.mark.parametrize("wrapped", ['{"id": 1, "lit": true}', '[{"id": 1, "lit": true}]'])
def test_a_sample_is_compared_without_its_envelope(envelope: str, wrapped: str) -> None:
    """An answer that is now shown with what all answers have around them did not change; both ways."""
    bare, whole = CALL.format(wrapped), CALL.format(envelope.format(wrapped))
    assert ([], []) == (changed(bare, whole), changed(whole, bare))


def test_what_is_new_inside_the_envelope_is_told() -> None:
    """The envelope hides no member."""
    found = changed(CALL.format('{"id": 1}'), CALL.format('{"code": "0", "data": {"id": 1, "unit": "kg"}}'))
    assert [("response-field-added", "unit")] == [(c.id, c.name) for c in found]


def test_the_figure_of_an_algorithm_is_no_window() -> None:
    """A sentence about timestamps may name one."""
    old, new = (f"# Lamps\n\nSign the timestamp with HMAC SHA{width}.\n{CALL}" for width in ("256", "512"))
    assert ["signing-changed"] == [c.id for c in changed(old, new) if c.id != "wording-changed"]


@pytest.mark.parametrize("words", ["Note: the rate limit is **{} times/3s**.", "⚠️ **Rate limit** {} requests/10 sec."])
def test_a_rate_within_a_line_is_the_limit_of_its_operation(words: str) -> None:
    """It need not stand at the beginning."""
    old, new = (f"## Light\n\nPOST /lamps\n\n{words.format(calls)}\n" for calls in (45, 30))
    assert [("breaking", "limit-changed")] == [(c.level, c.id) for c in changed(old, new)]


WORDS = "Times are in milliseconds. At most 20 calls every 1 second. Ask https://lamp.example.com with `X-LAMP-KEY`."


def test_what_moved_below_another_heading_is_no_change_of_it() -> None:
    """A section with another heading is told once, as moved; what every call depends on is said as before."""
    old, new = (f"# {title}\n\n{WORDS}\n{CALL}" for title in ("Lamps", "All lamps"))
    assert [("statement-moved", "wording", "section Lamps", "section All lamps")] == [
        (c.id, c.level, c.before, c.after) for c in changed(old, new)
    ]


def test_an_address_that_another_section_still_has_is_not_gone() -> None:
    """An example less, or more, changes nothing."""
    old = f"# Lamps\n\n{WORDS}\n\n# Example\n\nSee https://lamp.example.com/v1.\n{CALL}"
    new = old.replace("See https://lamp.example.com/v1", "See above")
    assert {"wording-changed"} == {c.id for c in [*changed(old, new), *changed(new, old)]}


def test_a_page_of_rules_alone_is_no_wrong_page() -> None:
    """How to sign is a page of its own; it was one before."""
    pages = {"page": Document("page", "page.md", "Sign it.")}
    facts = {"page": read("# Signing\n\nSign with HMAC SHA256.\n")}
    assert [] == doubts(pages, facts, {"page": read("# Signing\n\nSign with HMAC SHA512.\n")})
    assert [] != doubts(pages, facts, {})


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("Requests older than 10 seconds are refused.", "10-seconds"),
        ("A call whose clock is more than 5000 ms ahead fails.", "5000-ms"),
        ("Each request expires after 30 seconds.", "30-seconds"),
        ("Lamps older than 10 seconds are dark.", None),
    ],
)
def test_how_old_a_call_may_be_is_a_window(words: str, window: str | None) -> None:
    """Whatever the parameter is called that says so."""
    fact = read(f"# Lamps\n\n{words}\n").facts.get(("section Lamps", "stated", "window"))
    assert window == (fact.value if fact else None)


def test_what_is_read_better_is_no_change() -> None:
    """Where the words are the same, a reading of an earlier version only found less in them."""
    page = "# Lamps\n\nRequests older than 10 seconds are refused.\n"
    old = read(page)
    del old.facts["section Lamps", "stated", "window"]
    assert [] == compare(old, read(page))


def test_tables_of_a_message_belong_to_its_section() -> None:
    """What is sent through a socket has no path, and nothing of it is unread."""
    page = "# Lamps\n\n## Log in\n\n| Name | Type | Required |\n|---|---|---|\n| op | string | yes |\n\n{}"
    shown = '```json\n{"op": "login", "args": []}\n```\n'
    assert {"op": True} == names(read(page.format(shown)), "param", "section Log in")
    assert ([], 1) == (read(page.format(shown)).notes, len(read(page.format("")).notes))
