"""The reference says what things are, which calls belong together, and what can be done with which API."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from generator.model.documentation import Change, Revision
from generator.reference.advice import ADVICE
from generator.reference.pages import Reference
from tests.support.docs import DOCS
from tests.support.specs import models


def page(*parts: str) -> str:
    """Return a page of the reference as Markdown."""
    return DOCS.joinpath(*parts).read_text("utf-8")


def row(text: str, anchor: str) -> str:
    """Return the line of a page that has an anchor."""
    return next(line for line in text.splitlines() if f'<a id="{anchor}"></a>' in line)


def test_a_row_says_what_a_member_means() -> None:
    """Where a name and its description do not say it, the row does, in the words of traders."""
    order = page("aster_futures", "trade", "get_order.md")
    assert "Meaning: average fill price" not in row(order, "field-avgPrice")
    symbols = page("bitget_margin", "public", "get_currencies.md")
    assert "Meaning: tick size." in row(symbols, "field-priceScale")
    trades = page("aster_futures", "market", "get_trades.md")
    assert "`true` means sell; `false` means buy." in row(trades, "field-isBuyerMaker")


def test_a_value_says_what_it_means() -> None:
    """The page of an enum says which values mean the same at every exchange."""
    assert "Means canceled and filled." in row(page("hibt_futures", "types", "OrderState.md"), "value-5")


@pytest.mark.parametrize(
    ("parts", "name", "target"),
    [
        (("aster_futures", "trade", "place_order.md"), "Found by", "../trade/get_order.md"),
        (("aster_futures", "trade", "place_order.md"), "Canceled by", "../trade/cancel_order.md"),
        (("hibt_futures", "order", "close_position.md"), "Found by", "../order/get_finished_order.md"),
        (("bitget_margin", "isolated", "get_loans.md"), "Placed by", "../isolated/borrow.md"),
    ],
)
def test_calls_about_the_same_things_are_linked(parts: tuple[str, ...], name: str, target: str) -> None:
    """What is placed here is found there, and canceled there."""
    line = next(line for line in page(*parts).splitlines() if line.startswith(f"- **{name}:**"))
    assert f"]({target})" in line


def test_a_page_says_what_an_answer_proves() -> None:
    """A receipt is called one, and a batch says how its results are matched with what was sent."""
    assert "- **Receipt:** success only means" in page("sixmm", "order", "cancel_order.md")
    assert "- **Results:** matched with what was sent by their position" in page(
        "aster_futures", "trade", "place_orders.md"
    )


def test_no_shelf_links_to_another() -> None:
    """Orders of the one margin account are never sought in the other, nor conditional orders among the others."""
    for path in sorted(DOCS.rglob("*.md")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("- **Found by:**") and path.parent.name in ("isolated", "cross", "conditional"):
                assert {path.parent.name} == {*re.findall(r"\]\(\.\./(\w+)/", line)}, path


def test_the_first_page_says_what_can_be_done_with_which_api() -> None:
    """A row for each capability, a cell for each API, linked to the calls that have it; a dash where none has."""
    lines = page("index.md").splitlines()
    head = next(line for line in lines if line.startswith("| |"))
    rows = [line for line in lines if line.count("|") == head.count("|")]
    row_of = {re.sub(r"\[(.+)\]\(.+\)", r"\1", line.split("|")[1].strip()): line for line in rows}
    assert "(bitget_margin/isolated/borrow.md)" in row_of["Borrow"]
    assert "| – |" in row_of["Borrow"]
    for target in re.findall(r"\]\(([^)#]+\.md)\)", "\n".join(row_of.values())):
        assert DOCS.joinpath(target).is_file(), target


def test_a_page_says_what_changed_in_its_documentation() -> None:
    """Whoever reads about a call sees when its documentation changed, and how; changes of others are left out."""
    api = next(one for one in models() if one.name == "bitget_margin")
    call = next(one for one in api.operations if one.full_name == "isolated.place_order")
    changes = [
        Change("param-added", "new", f"{call.method} {call.path}", "price", "", ""),
        Change("param-removed", "breaking", "GET /elsewhere", "size", "", ""),
    ]
    reference = Reference(replace(api, history=(Revision("2026-11-28", None, tuple(changes)),)))
    assert ["2026-11-28, param added `price`"] == [words for name, words in reference.origin(call) if name == "Changed"]


def test_every_error_comes_with_advice() -> None:
    """Whatever a call may raise, its page says what to do."""
    kinds = {error.kind for api in models() for error in api.errors if error.kind != "Success"}
    assert set() == kinds - ADVICE.keys()


def test_a_meaning_that_its_row_says_already_is_left_out() -> None:
    """Nobody needs to be told that buy means buy, or one minute 1m; that liquidation only reduces is news."""
    assert "Means" not in row(page("binance_spot", "types", "Side.md"), "value-BUY")
    assert "Means" not in row(page("aster_futures", "types", "Interval.md"), "value-1m")
    assert "Means" not in row(page("aster_futures", "types", "TimeInForce.md"), "value-IOC")
    assert "Means buy." in row(page("aster_futures", "types", "PositionSide.md"), "value-LONG")
