"""The entry point of `roma`: where its extra is missing, and where it is not."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest

from roma_provider.cli import main as cli

OWN = ("application", "usage", "completion", "listing", "watch.command", "watch.screen")


@pytest.fixture(params=["typer", "typer.core", "rich.console"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One module of the extra is not there, and nothing of ours has it."""
    monkeypatch.setitem(sys.modules, request.param, None)
    for name in OWN:
        monkeypatch.delitem(sys.modules, f"roma_provider.cli.{name}", raising=False)


SAID = "this command needs its extra: pip install 'roma-provider[cli]'"


@pytest.mark.usefixtures("missing")
def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["roma", "list"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"roma: {SAID}\n")


@pytest.mark.usefixtures("missing")
def test_without_the_extra_json_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["roma", "list", "--json"])
    with pytest.raises(SystemExit):
        cli.main()
    said = json.loads(capsys.readouterr().out)
    assert said == {"command": "list", "ok": False, "exit_code": 3, "messages": [SAID]}


def test_another_module_that_is_missing_is_a_fault_of_our_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "roma_provider.config.keys", None)
    monkeypatch.delitem(sys.modules, "roma_provider.cli.application", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"roma_provider\.config\.keys"):
        cli.main()
    assert capsys.readouterr().err == ""


def test_with_the_extra_the_command_line_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    application = ModuleType("roma_provider.cli.application")
    vars(application)["app"] = lambda prog_name: runs.append(prog_name)
    monkeypatch.setitem(sys.modules, "roma_provider.cli.application", application)
    cli.main()
    assert runs == ["roma"]


def test_its_exit_code_is_that_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["roma", "watch", "b037d389-62a4-464a-8461-c88797ad4f23", "--timeout", "soon"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 64
    assert " watch [OPTIONS] " in capsys.readouterr().err
