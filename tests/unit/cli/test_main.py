"""The entry point of `roma`: where its extra is missing, and where it is not."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from roma_provider.cli import main as cli


@pytest.mark.parametrize("module", ["typer", "typer.core", "rich.console"])
def test_without_the_extra_the_command_says_what_to_install(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "roma_provider.cli.application", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert capsys.readouterr().err == "roma: this command needs its extra: pip install 'roma-provider[cli]'\n"


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
    vars(application)["app"] = lambda: runs.append("run")
    monkeypatch.setitem(sys.modules, "roma_provider.cli.application", application)
    cli.main()
    assert runs == ["run"]


def test_its_exit_code_is_that_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["roma", "watch", "x", "--timeout", "soon"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 64
    assert " watch [OPTIONS] " in capsys.readouterr().err
