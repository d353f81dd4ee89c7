"""Laws of the names that rules make."""

from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.ground.naming import TAKEN, constant, pascal, python_name, safe, snake

WIRE = st.text(st.characters(codec="ascii") | st.sampled_from("买入é_-.$[]"), max_size=30)
SNAKE = st.from_regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", fullmatch=True)
WORDS = st.from_regex(r"[a-z]{2,8}(_[a-z]{2,8}){0,3}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("client_oid", "clientOid"),
        ("max_borrowable_usdt", "maxBorrowableUSDT"),
        ("order_id", "orderID"),
        ("list_order_id", "listOrderID"),
        ("http_server_time", "HTTPServerTime"),
        ("c_time", "cTime"),
        ("x_request_id", "X-Request-ID"),
        ("ma5", "ma5"),
        ("volume30", "volume30"),
        ("is_set_sl", "IsSetSl"),
        ("symbol", "symbol"),
    ],
)
def test_derived_name(name: str, wire: str) -> None:
    """The names that people expect."""
    assert name == snake(wire)


@given(WIRE)
def test_derived_name_is_words_joined_by_underscores(wire: str) -> None:
    """Whatever the wire name, what is derived is nothing, or small words and digits between single underscores."""
    assert re.fullmatch(r"([a-z0-9]+(_[a-z0-9]+)*)?", snake(wire))


@given(WIRE)
def test_derived_name_keeps_every_letter_and_digit(wire: str) -> None:
    """Nothing but marks and capitals is lost, so that two names can only clash in these."""
    assert "".join(re.findall(r"[A-Za-z0-9]", wire)).lower() == snake(wire).replace("_", "")


@given(WIRE)
@example("A1B2")
def test_deriving_again_changes_nothing(wire: str) -> None:
    """A derived name is its own derived name."""
    assert snake(wire) == snake(snake(wire))


@given(WIRE)
@example("from")
@example("operations")
def test_safe_name_is_neither_a_keyword_nor_taken(wire: str) -> None:
    """No parameter or field is called like a word of Python's or like what its module uses."""
    name = python_name(wire, None, {})
    assert not keyword.iskeyword(name)
    assert name not in TAKEN


@given(WIRE)
def test_safe_name_stays_safe(wire: str) -> None:
    """One underscore is enough, and never two."""
    assert python_name(wire, None, {}) == safe(python_name(wire, None, {}))


@given(SNAKE.filter(lambda name: not keyword.iskeyword(name) and name not in TAKEN))
def test_other_names_get_no_underscore(name: str) -> None:
    """An underscore says that Python or the module has that name; nothing else gets one."""
    assert name == safe(name)


@given(WIRE, SNAKE, SNAKE)
def test_people_come_before_words_and_words_before_rules(wire: str, given_name: str, word: str) -> None:
    """A name given in place wins over the API's list of words, and that over the rule."""
    assert safe(given_name) == python_name(wire, given_name, {wire: word})
    assert safe(word) == python_name(wire, None, {wire: word})
    assert safe(snake(wire)) == python_name(wire, None, {})


@given(WORDS)
def test_class_name_reads_back(name: str) -> None:
    """The words of a class name are those of its group."""
    assert name == snake(pascal(name))


@given(SNAKE, SNAKE)
def test_constant_is_a_constant(group: str, operation: str) -> None:
    """The constant of an operation is an identifier in capitals that no keyword and no class has."""
    name = constant(group, operation)
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", name)
