"""What a page says outside of operations counts: a hash by heading, and what can be read of it by name."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed

CALL = "\n## Light\n\nPOST /lamps\n\n**Response**\n\n```json\n{}\n```\n"


@pytest.mark.parametrize(
    ("id", "before", "after"),
    [
        ("address-changed", "* Ask https://lamp.example.com here.", "* Ask https://lamp2.example.com here."),
        ("limit-changed", "* At most 20 calls every 1 second.", "* At most 5 calls every 1 second."),
        ("unit-changed", "* Times are in milliseconds.", "* Times are in microseconds."),
        ("signing-changed", "Sign = Hex(HMAC(secret, text))", "Sign = Base64(HMAC(secret, text))"),
    ],
)
def test_what_a_section_states_is_told_by_name_with_its_line(id: str, before: str, after: str) -> None:
    """A change of what every call depends on breaks programs, whichever heading it stands under."""
    old, new = (f"# Lamps\n\nFirst words.\n\n{words}\n{CALL}" for words in (before, after))
    found = [c for c in changed(old, new) if c.id == id]
    assert [("breaking", "section Lamps", 5)] == [(c.level, c.owner, c.line) for c in found]


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
