"""What a draft says of the whole API: addresses, envelope, signing, groups, and structs that several calls share."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

import pytest

from tests.drift.test_draft import drafted
from tests.drift.test_draft_limits import draft
from tests.drift.test_lists import TWO_STATES

CALL = "## Look at {what}\n\n`{request}`\n\n```json\n{sample}\n```\n\n"
ENVELOPE = '{{"code": 0, "msg": "", "data": {data}, "took": 7, "at": "x"}}'


def pages(*calls: tuple[str, str], text: str = "") -> str:
    """A page with calls: requests with their samples."""
    return f"# Pond API\n\n{text}\n\n" + "".join(
        CALL.format(what=f"pond {n}", request=request, sample=sample) for n, (request, sample) in enumerate(calls)
    )


def test_what_all_answers_have_beside_their_data_is_the_envelopes(tmp_path: Path) -> None:
    """Its members are no members of every struct, and a person says what they hold."""
    calls = [(f"GET /v1/{name}", ENVELOPE.format(data=f'{{"{name}Id": "1"}}')) for name in ("carp", "pike")]
    found = draft(tmp_path, pages(*calls))
    assert 'other: {took: "TODO: say what it holds, or leave it out.", at: "TODO: ' in found
    assert "took: {type" not in found


def test_the_first_of_equally_frequent_addresses_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    """With its port; a server of requests is not the one that pushes."""
    text = "https://api.zpond.example.com wss://ws-api.pond.example.com wss://stream.pond.example.com:9443/ws https://api.apond.example.com"
    found = draft(tmp_path, pages(("GET /v1/carp", '{"a": 1}'), text=text))
    assert 'rest: "https://api.zpond.example.com", stream: "wss://stream.pond.example.com:9443"' in found
    assert "the pages also name api.apond.example.com, ws-api.pond.example.com" in found


def test_a_signature_that_is_appended_signs_what_is_sent(tmp_path: Path) -> None:
    """Where worked addresses end with it, and no header is named for it."""
    text = (
        "Send `X-POND-APIKEY`. For example: https://api.pond.example.com/v1/carp?a=1&timestamp=17172&signature=c8db56"
    )
    found = draft(tmp_path, pages(("GET /v1/carp", '{"a": 1}'), text=text))
    for line in ("{param: timestamp, value: timestamp}", "query: given", "signature: {param: signature}"):
        assert line in found, line
    assert "X-SIGNATURE" not in found


def test_a_call_without_a_group_joins_the_group_of_its_name(tmp_path: Path) -> None:
    """`POST /order` stands with `POST /order/test`, and what is alone is common."""
    calls = [(request, '{"a": 1}') for request in ("POST /v1/order", "POST /v1/order/test", "GET /v1/carp")]
    draft(tmp_path, pages(*calls))
    rest = tmp_path / "specs" / "newexchange" / "rest"
    assert 2 == (rest / "order.yaml").read_text("utf-8").count("request:")
    assert "GET /v1/carp" in (rest / "common.yaml").read_text("utf-8")


def test_calls_that_answer_the_same_share_a_struct(tmp_path: Path) -> None:
    """It is named after what is got, and asked about once."""
    calls = [(request, '{"fish": "carp", "weight": "1.0"}') for request in ("GET /v1/a", "GET /v1/b")]
    found = draft(tmp_path, pages(*calls))
    assert 1 == found.count("TODO: describe this struct, and check the names")
    assert 2 == found.count("returns: A\n")


@pytest.mark.parametrize(
    ("request_line", "answer", "names"),
    [
        ("GET /v1/trades", '{"list": [{"fish": "carp"}], "cursor": "7"}', ["Trade", "TradesPage"]),
        ("GET /v1/trades", '[{"fish": "carp"}]', ["Trade"]),
        ("GET /v1/pond", '{"fish": "carp", "sluiceGates": [{"width": "2"}]}', ["Pond", "SluiceGate"]),
        ("POST /v1/order/cancel", '{"list": [{"fish": "carp"}]}', ["CancelOrder", "CancelOrderResult"]),
        ("GET /v1/decimal", '{"fish": "carp", "width": "2"}', ["Decimal2"]),
    ],
)
def test_structs_are_named_after_what_they_hold(
    request_line: str, answer: str, names: list[str], tmp_path: Path
) -> None:
    """What a list holds comes before the list, and no name is one that the client needs."""
    found = draft(tmp_path, pages((request_line, answer), ("GET /v1/carp", answer[:-1] + " " + answer[-1])))
    assert names == sorted(set(re.findall(r"^  ([A-Z]\w+):$", found, re.MULTILINE)))


@pytest.mark.parametrize(("shown", "members"), [("LIT", {"LIT", "DARK"}), ("ODD", set())])
def test_of_two_lists_with_one_name_the_sample_chooses(shown: str, members: set[str], tmp_path: Path) -> None:
    """Where no sample does, no list is taken."""
    found = draft(tmp_path, pages(("GET /v1/room", f'{{"state": "{shown}"}}')) + TWO_STATES)
    typed = re.search(r"state: \{type: (\w+)", found)
    assert ("State" if members else "string") == (typed and typed[1])
    assert all(f"value: {member}," in found for member in members)


COINS = """\
## Set

`POST /v1/set`

| Name | Type | Required | Description |
|---|---|---|---|
| baseCoin | string | yes | Either `CARP` or `PIKE` |
| state | string | yes | One of `LIT`, `DIM` |

"""


def test_examples_of_coins_are_no_enum_and_a_list_is_more_than_a_cell(tmp_path: Path) -> None:
    """A coin may be any; and what one call takes is less than the list has."""
    found = draft(tmp_path, f"# API\n\n{COINS}## Enums\n\n### state\n\n* `LIT`\n* `DARK`\n")
    assert "baseCoin: {type: string" in found
    assert all(f"value: {member}," in found for member in ("LIT", "DARK", "DIM"))


def test_bodies_are_written_as_most_pages_say(tmp_path: Path) -> None:
    """As a form, where that is named more often than JSON."""
    found = draft(tmp_path, pages(("GET /v1/a", '{"a": 1}'), text="Send `application/x-www-form-urlencoded`."))
    assert "POST: form" in found


def test_command_lines_that_sign_become_vectors_and_fit_the_rule(tmp_path: Path) -> None:
    """The rule is tried with them; a digest that does not belong to its text is left out."""
    signed, secret = "pond=7&timestamp=1717200000000", "s3cret"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    line = 'echo -n "{0}" | openssl dgst -sha256 -hmac "{1}"\n(stdin)= {2}\n'
    text = (
        f"https://api.pond.example.com/v1/carp?{signed}&signature={digest}\n\n"
        f"```\n$ {line.format(signed, secret, digest)}$ {line.format(signed, 'other', '0' * 64)}```"
    )
    found = draft(tmp_path, pages(("GET /v1/carp", '{"a": 1}'), text=text))
    assert 1 == found.count("origin: published")
    assert f"signature: {digest}" in found
    assert "it fits the worked examples below" in found


def test_pages_from_files_keep_their_places(tmp_path: Path) -> None:
    """What they have in common, the address of the documentation, is asked once."""
    docs = tmp_path / "docs"
    for place, front in (("fish/carp", ""), ("fish/pike", "---\nslug: /pikes\n---\n"), ("rest", "")):
        path = docs / f"{place}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(front + pages((f"GET /v1/{path.stem}", '{"a": 1}')), "utf-8")
    folder, _ = drafted(tmp_path, docs)
    found = re.findall(r'url: "https://example.com/unknown/([^"]*)"', (folder / "api.yaml").read_text("utf-8"))
    assert ["fish/carp", "pikes", "rest"] == found
    assert 1 == (folder / "api.yaml").read_text("utf-8").count("put the address of the documentation")
