"""How much of a page was read is said each time, and pages that lost a column, or of which most was passed over, are doubted."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.drift.facts.coverage import coverage_of, passed_over
from generator.drift.facts.page import read_page
from generator.drift.facts.profile import default_profile
from generator.drift.facts.sanity import faded
from generator.drift.pages.blocks import Document
from tests.drift.places import run, toy

LAMP = """## Lamp {n}

`POST /v1/lamp{n}`

**Parameters:**

Name | Type | Mandatory | Description
--- | --- | --- | ---
room | STRING | YES | Which room
shade | INT | NO | How much

"""
PAGE = "# Lamps\n\n" + "".join(LAMP.format(n=n) for n in range(4))


def document(text: str) -> dict[str, Document]:
    return {"lamps": Document("lamps", "lamps.md", text)}


def doubts(old: str, new: str) -> list[str]:
    """What a later state of a page is doubted for."""
    before, now = ({"lamps": read_page(document(text)["lamps"], default_profile())} for text in (old, new))
    return faded(document(new), now, before)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Mandatory", "Obligation", "only 0 of 8 parameters are still marked"),
        ("Type", "Shape", "only 0 of 8 parameters are still with a type"),
    ],
)
def test_a_column_that_vanished_is_doubted(old: str, new: str, said: str) -> None:
    """A heading that nobody knows is no change of every parameter."""
    found = doubts(PAGE, PAGE.replace(old, new))
    assert 1 == len(found)
    assert said in found[0]


def test_marks_in_another_form_are_no_loss() -> None:
    """`[Optional]` in place of the column says the same."""
    later = PAGE.replace(" | Mandatory", "").replace("--- | --- | --- | ---", "--- | --- | ---")
    later = later.replace(" | YES | ", " | ").replace(" | NO | How much", " | *[Optional]* How much")
    assert [] == doubts(PAGE, later)


def test_a_page_without_changes_is_not_doubted() -> None:
    """Nor one whose parameters went."""
    assert [] == doubts(PAGE, PAGE)
    assert [] == doubts(PAGE, "# Lamps\n\n" + LAMP.format(n=1))


def test_figures_say_what_was_read() -> None:
    """Endpoints that only the text names are counted beside those that were read, and so are tables without an owner."""
    text = PAGE + "## More\n\nSee `GET /v1/rooms` and `GET /v1/lamp1`.\n\nWhat | Who\n--- | ---\nx | y\n"
    facts = {"lamps": read_page(document(text)["lamps"], default_profile())}
    assert "4 of 5 endpoints, 8 parameters, 0 fields, 0 codes, 0 channels; 1 of 5 tables have no owner" == str(
        coverage_of(document(text), facts)
    )


def test_a_page_that_is_passed_over_is_doubted() -> None:
    """Most of its endpoints or tables led to nothing."""
    text = "# Lamps\n\n" + "".join(
        f"Call `GET /v1/lamp{n}` for it.\n\n## T{n}\n\nA | B\n--- | ---\n1 | 2\n\n" for n in range(6)
    )
    found = passed_over(document(text), {"lamps": read_page(document(text)["lamps"], default_profile())})
    assert 2 == len(found), found


def test_the_report_says_it(tmp_path: Path) -> None:
    """`drift`, `facts` and `draft` print the figures."""
    specs, page = toy(tmp_path)
    for command in ("drift", "facts"):
        assert "toy: read 1 of 1 endpoints" in run(command, "toy", "--specs", specs, "--docs", page).output


BLOCK = '{{% openapi-operation spec="lamps" path="/v1/lamp/:id" method="post" %}}\n{}\n{{% endopenapi-operation %}}\n'
LINK = "[OpenAPI lamps](https://lamps.example.com/lamps.yaml)"
FRONT = "---\ntitle: Light\nopenapi: lamps.yaml POST /v1/lamp/:id\n---\n"
LAMPS = "openapi: 3.0.0\npaths:\n  /v1/lamp/{id}:\n    post:\n      summary: Light it.\n"


@pytest.mark.parametrize("page", [f"# Lamps\n\n{BLOCK.format(LINK)}", FRONT])
def test_a_call_that_is_described_elsewhere_is_doubted(page: str) -> None:
    """Unless the description is among the documents."""
    alone, described = document(page), Document("lamps-api", "lamps.yaml", LAMPS)
    facts = {"lamps": read_page(alone["lamps"], default_profile(), alone)}
    assert ["POST /v1/lamp/{id}"] == facts["lamps"].owners()
    assert "which was not read; give it with --docs" in passed_over(alone, facts)[0]
    beside = alone | {"lamps-api": described}
    facts = {"lamps": read_page(alone["lamps"], default_profile(), beside)}
    assert [] == passed_over(alone, facts)


def test_a_description_within_a_page_is_read() -> None:
    """Whatever the heading above it is, if it begins like one."""
    call = '{"openapi":"3.1.0","paths":{"/v1/lamp":{"get":{"parameters":[{"name":"id","in":"query"}]}}}}'
    facts = read_page(document(f"# Lamps\n\n## Look at a lamp\n\n```json\n{call}\n```\n")["lamps"], default_profile())
    assert [("GET /v1/lamp", "param", "id")] == [key for key, _ in facts.of("param")]
