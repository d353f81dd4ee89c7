"""`impact` tells which places in a user's code touch what changed in the specs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.drift.places import run, toy

CODE = """\
from venues.toy import Toy, Side, operations
from venues.toy import models as m

def trade(client: Toy, side: str) -> None:
    order = client.orders.place_order(symbol="BTCUSDT", side=side)
    print(order.order_id)
    print(client.call(operations.ORDERS_PLACE_ORDER, symbol="BTCUSDT", side="SELL"))
    client.orders.place_order(symbol="BTCUSDT", side=Side.SELL)

def show(order: m.Order) -> str:
    return order.order_id
"""


LISTED = """operations:
  - name: get_listed
    summary: Get what is listed.
    request: GET /listed
    auth: none
    effect: read
    params:
      since: {type: integer, doc: First number.}
    paging: {by: id, from: since, goes: up, begin: 0, key: [number]}
    returns: list[Listed]
    struct: {name: Listed, doc: An entry., fields: {number: {type: integer, doc: Number.}}}
    example: {params: {}, response: [{number: 1}]}
    source: {page: docs, heading: Listed}
"""


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The toy spec, in a repository."""
    folder, _ = toy(tmp_path)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run([*git, *command], check=True, capture_output=True)
    return folder


def edit(specs: Path, file: str, old: str, new: str) -> None:
    path = specs / "toy" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def lines(specs: Path, code: str = CODE) -> list[str]:
    """What impact says of some code, without the file's name."""
    path = specs.parent / "bot.py"
    path.write_text(code, "utf-8")
    result = run("impact", "--specs", specs, "--since", "HEAD", path)
    return [line.removeprefix(f"{path}:") for line in result.output.splitlines()]


def test_nothing_changed_touches_nothing(specs: Path) -> None:
    """No change, no line, exit 0."""
    assert [] == lines(specs)


def test_a_removed_operation_touches_its_calls(specs: Path) -> None:
    """Calls and the constant are told with their lines."""
    edit(specs, "rest/orders.yaml", "name: place_order", "name: send_order")
    assert [
        "5  toy: orders.place_order is gone",
        "7  toy: orders.place_order is gone",
        "8  toy: orders.place_order is gone",
    ] == lines(specs)


def test_a_removed_parameter_touches_the_calls_that_pass_it(specs: Path) -> None:
    """Only where it is given."""
    edit(specs, "rest/orders.yaml", "      side: {type: Side, required: true, doc: Direction.}\n", "")
    edit(specs, "rest/orders.yaml", "side: BUY", "")
    code = CODE + "\ndef other(c: Toy) -> None:\n    c.orders.place_order(symbol='X')\n"
    assert ["5", "7", "8"] == [
        line.split()[0] for line in lines(specs, code) if "side, which is gone" in line or "side is gone" in line
    ]


def test_a_new_required_parameter_touches_the_calls_that_lack_it(specs: Path) -> None:
    """`**kwargs` may hold it, so those calls are not told."""
    edit(
        specs,
        "rest/orders.yaml",
        "    returns: Order",
        "      price: {type: decimal, required: true, doc: Price.}\n    returns: Order",
    )
    code = (
        "from venues.toy import Toy\n"
        "Toy().orders.place_order(symbol='X', side='BUY')\n"
        "def f(options): Toy().orders.place_order(**options)\n"
    )
    assert ["2  toy: orders.place_order is called without price, which is new and required"] == lines(specs, code)


WAYS = {
    "a group": "orders = client.orders\norders.place_order(side='SELL')",
    "a group in an attribute": "self.orders = client.orders\nself.orders.place_order(side='SELL')",
    "a method": "place = client.orders.place_order\nplace(side='SELL')",
    "a method in an attribute": "self.place = client.orders.place_order\nself.place(side='SELL')",
    "getattr": "place = getattr(client.orders, 'place_order')\nplace(side='SELL')",
    "partial": "import functools\nplace = functools.partial(client.orders.place_order, side='SELL')",
    "what partial made": "from functools import partial; place = partial(client.orders.place_order)\nplace(side='SELL')",
    "keywords": "order = {'side': 'SELL'}\nclient.orders.place_order(**order)",
    "keywords by dict": "order = dict(side='SELL')\nclient.orders.place_order(**order)",
    "keywords in keywords": "order = {**{'side': 'SELL'}}\nclient.orders.place_order(**order)",
    "a walrus": "pass\nif (orders := client.orders): orders.place_order(side='SELL')",
    "several names at once": "orders, other = client.orders, 1\norders.place_order(side='SELL')",
    "one of two": "orders = client.orders if live else paper\norders.place_order(side='SELL')",
    "the first that is there": "place = given or client.orders.place_order\nplace(side='SELL')",
    "with": "from venues import toy\nwith toy.Toy() as c: c.orders.place_order(side='SELL')",
}


@pytest.mark.parametrize("way", WAYS)
def test_calls_are_found_by_whatever_name(specs: Path, way: str) -> None:
    """Groups, methods and keyword arguments may have names of their own."""
    edit(specs, "types.yaml", "      - {name: SELL, value: SELL, doc: Sells.}\n", "")
    said = lines(specs, f"from venues.toy import Toy; client = Toy()\n{WAYS[way]}\n")
    assert ["3  toy: orders.place_order is called with side='SELL', which is no longer valid"] == said


@pytest.mark.parametrize(
    "code",
    [
        "order = {}\norder['price'] = 1\nclient.orders.place_order(**order)",
        "order = {}\norder.update(read())\nclient.orders.place_order(**order)",
        "order = {}\norder[key] = 1\nclient.orders.place_order(**order)",
        "place = partial(client.orders.place_order, symbol='X')",
        "place = client.orders.place_order\nplace = print\nplace(symbol='X')",
        "client.orders.other(symbol='X')",
        "place = client.orders.place_order\nplace, other = print, 1\nplace(symbol='X')",
        "place = client.orders.place_order\nfor place, other in pairs:\n    place(symbol='X')",
        "order = {} if market else {'price': 1}\nclient.orders.place_order(**order)",
    ],
)
def test_what_may_be_given_is_not_missed(specs: Path, code: str) -> None:
    """A dictionary that was filled somewhere, or a partial call, lacks nothing for sure; a name may have changed."""
    edit(
        specs,
        "rest/orders.yaml",
        "    returns: Order",
        "      price: {type: decimal, required: true, doc: Price.}\n    returns: Order",
    )
    assert [] == lines(specs, f"from venues.toy import Toy; client = Toy()\n{code}\n")


def test_a_removed_enum_member_touches_its_uses(specs: Path) -> None:
    """The member, and the value that a call passes."""
    edit(specs, "types.yaml", "      - {name: SELL, value: SELL, doc: Sells.}\n", "")
    code = "from venues.toy import Toy, Side as S\nprint(S.SELL, S.BUY)\nToy().orders.place_order(symbol='X', side='SELL')\n"
    assert [
        "2  toy: the enum member Side.SELL is gone",
        "3  toy: orders.place_order is called with side='SELL', which is no longer valid",
    ] == lines(specs, code)


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        pytest.param(
            "rest/orders.yaml",
            "    effect: once\n",
            "    effect: once\n    deprecated: use `orders.send`.\n",
            [f"{line}  toy: orders.place_order is deprecated: use `orders.send`." for line in (5, 7, 8)],
            id="call",
        ),
        pytest.param(
            "rest/orders.yaml",
            "doc: Direction.}",
            "doc: Direction., deprecated: use a sign.}",
            [f"{line}  toy: orders.place_order is called with side, which is deprecated" for line in (5, 7, 8)],
            id="parameter",
        ),
        pytest.param(
            "types.yaml",
            "doc: Sells.}",
            "doc: Sells., deprecated: use BUY.}",
            ["8  toy: the enum member Side.SELL is deprecated"],
            id="value",
        ),
        pytest.param(
            "types.yaml",
            "doc: The id.}",
            "doc: The id., deprecated: use another.}",
            [f"{line}  toy: the field Order.order_id is deprecated" for line in (6, 11)],
            id="member",
        ),
    ],
)
def test_what_is_deprecated_now_touches_its_uses(specs: Path, file: str, old: str, new: str, found: list[str]) -> None:
    """Who uses it hears of it before it is gone."""
    edit(specs, file, old, new)
    assert found == lines(specs)


def test_a_removed_field_touches_where_answers_are_read(specs: Path) -> None:
    """An answer is followed from its call, and from annotations."""
    edit(specs, "types.yaml", "orderId: {type: string, doc: The id.}", "id: {type: string, doc: The id.}")
    edit(specs, "rest/orders.yaml", 'response: {orderId: "1"}', 'response: {id: "1"}')
    assert ["6  toy: the field Order.order_id is gone", "11  toy: the field Order.order_id is gone"] == lines(specs)


def test_answers_are_followed_through_await_lists_and_loops(specs: Path) -> None:
    """Members of a list are known in loops, by index and in comprehensions."""
    edit(specs, "rest/orders.yaml", "returns: Order", 'returns: "list[Order]"')
    edit(specs, "rest/orders.yaml", 'response: {orderId: "1"}', 'response: [{orderId: "1"}]')
    subprocess.run(
        ["git", "-C", str(specs.parent), "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qam", "2"], check=True
    )
    edit(specs, "types.yaml", "doc: The id.", "optional: true, doc: The id.")
    code = (
        "from venues.toy import AsyncToy\n"
        "async def f(c: AsyncToy) -> None:\n"
        "    orders = await c.orders.place_order(symbol='X', side='BUY')\n"
        "    print(orders[0].order_id)\n"
        "    for order in orders:\n"
        "        print(order.order_id)\n"
        "    print([o.order_id for o in orders])\n"
        "    print(any(p.order_id for p in orders), {q.order_id for q in orders})\n"
        "    print({r.order_id: 1 for r in orders})\n"
        "    async for s in c.orders.place_order(symbol='X', side='BUY'):\n"
        "        print(s.order_id)\n"
    )
    assert ["4", "6", "7", "8", "9", "11"] == [
        line.split()[0] for line in lines(specs, code) if "may be None now" in line
    ]


def test_iterating_over_a_list_uses_its_operation_and_its_items(specs: Path) -> None:
    """`iter_orders` is a use of `get_orders`, and what it gives is an order."""
    edit(specs, "rest/orders.yaml", "operations:\n", LISTED)
    for command in (["add", "."], ["commit", "-qm", "second"]):
        git = ["git", "-C", str(specs.parent), "-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run([*git, *command], check=True, capture_output=True)
    edit(specs, "rest/orders.yaml", "number: {type: integer", "place: {type: integer")
    edit(specs, "rest/orders.yaml", "      since: {", "      after: {")
    code = """\
from venues.toy import Toy

def show(client: Toy) -> None:
    for order in client.orders.iter_listed(since=1):
        print(order.number)
"""
    assert [
        "4  toy: orders.get_listed is called with since, which is gone",
        "5  toy: the field Listed.number is gone",
    ] == lines(specs, code)


def test_code_that_does_not_use_the_api_is_not_touched(specs: Path) -> None:
    """Names that look alike in other files mean nothing."""
    edit(specs, "rest/orders.yaml", "name: place_order", "name: send_order")
    assert [] == lines(specs, "import other\nother.client.orders.place_order(symbol='X')\n")


def test_code_that_is_no_python_is_told(specs: Path) -> None:
    """A file that cannot be parsed is named, and the others are read."""
    edit(specs, "rest/orders.yaml", "name: place_order", "name: send_order")
    assert ["1  cannot be read: SyntaxError"] == lines(specs, "from venues import (\n")


@pytest.mark.parametrize("revision", ["nothing", "--output=/tmp/x"])
def test_an_unknown_revision_is_told(specs: Path, revision: str) -> None:
    """git's own words, and exit 2."""
    result = run("impact", "--specs", specs, f"--since={revision}", specs)
    assert 2 == result.exit_code
    assert revision in result.output
