"""Signing rules without a worked example: nothing fails, and nobody overlooks them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import cli
from generator.check.unproved import unproved
from generator.ground.tree import source_folders
from generator.pipeline.folders import Folders
from generator.pipeline.run import generate
from generator.pipeline.timings import Timings
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.support.made import TEMPLATES
from tests.support.specs import SPECS

CASE = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
PRIVATE = """
    rsa:
      doc: The same with a private key.
      credentials: [api_key, private_key]
      place: [{header: X-KEY, value: api_key}, {param: timestamp, value: timestamp}]
      text: [query, body]
      algorithm: rsa-sha256
      secret: private_key
      encoding: base64
      signature: {header: X-SIGN}
"""
BEARER = """
    bearer:
      doc: A token that is sent as it is.
      credentials: [private_key]
      place: [{header: Authorization, value: private_key}]
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The api.yaml of a spec whose rule has a worked example."""
    shutil.copytree(CASE, tmp_path / "specs")
    return tmp_path / "specs" / "demo" / "api.yaml"


def without_example(text: str) -> str:
    """Take the worked example away."""
    before, _, rest = text.partition("      vectors:\n")
    return before + rest[rest.index("      quirks:\n") :]


def with_rule(text: str, rule: str) -> str:
    """Add a second rule, and the private key that it needs."""
    key = "    private_key: {doc: Text about the private key., example: Text of a private key}\n"
    text = text.replace("  key: {place", f"{key}  key: {{place")
    return text.replace("  quirks:\n    - {what: Text about an oddity.", f"{rule[1:]}  quirks:\n    - {{what: Text.", 1)


def warned_of(spec: Path, cache: Path) -> list[str]:
    """Return where the warnings of a spec are, without file and line."""
    (summary,) = generate(Folders(spec.parent.parent, TEMPLATES, cache), Timings()).summaries
    return [warning.split("  ")[1].partition(":")[0] for warning in summary.warnings]


def test_a_rule_without_an_example_is_warned_of(spec: Path, cache: Path) -> None:
    """Nothing holds such a rule to what the exchange accepts."""
    spec.write_text(without_example(spec.read_text("utf-8")), "utf-8")
    assert ["signing.hmac"] == warned_of(spec, cache)


def test_a_rule_with_an_example_is_not(spec: Path, cache: Path) -> None:
    """One example is enough."""
    assert [] == warned_of(spec, cache)


def test_a_private_key_that_signs_a_proved_text_needs_no_example(spec: Path, cache: Path) -> None:
    """Only the algorithm is left to prove, and that is not the spec's."""
    spec.write_text(with_rule(spec.read_text("utf-8"), PRIVATE), "utf-8")
    assert [] == warned_of(spec, cache)


def test_a_private_key_that_signs_another_text_is_warned_of(spec: Path, cache: Path) -> None:
    """The example of one text says nothing about another."""
    spec.write_text(with_rule(spec.read_text("utf-8"), PRIVATE.replace("[query, body]", "[body, query]")), "utf-8")
    assert ["signing.rsa"] == warned_of(spec, cache)


def test_a_token_that_is_sent_as_it_is_needs_no_example(spec: Path, cache: Path) -> None:
    """There is nothing to get wrong."""
    spec.write_text(with_rule(spec.read_text("utf-8"), BEARER), "utf-8")
    assert [] == warned_of(spec, cache)


@pytest.mark.parametrize("command", ["generate", "check"])
def test_each_run_prints_the_warning_and_none_fails(
    spec: Path, cache: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run, which finds everything in the cache, says it again, with file and line."""
    spec.write_text(without_example(spec.read_text("utf-8")), "utf-8")
    monkeypatch.setattr(cli, "Folders", lambda specs, templates: Folders(specs, templates, cache))

    def run(name: str) -> Result:
        folders = [f"--specs={spec.parent.parent}", f"--output={tmp_path / 'output'}"]
        return CliRunner().invoke(cli.main, [name, *folders])

    run("generate")
    result = run(command)
    line = 1 + spec.read_text("utf-8").splitlines().index("    hmac:")
    assert f"warning: specs/demo/api.yaml:{line}  signing.hmac: no worked example shows" in result.stderr
    assert 0 == result.exit_code


def test_the_specs_here_have_no_rule_without_an_example() -> None:
    """What is asked of others holds here, for requests and for logins."""
    sources = [read_source(SPECS, folder) for folder in source_folders(SPECS)]
    assert [] == [str(warning) for source in sources for warning in unproved(source, model_of(source, SPECS))]
