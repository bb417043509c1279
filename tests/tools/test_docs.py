"""`make docs`: strict, into the folder that it says, and with an exit code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import docs, setup


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that are run, in place of MkDocs; they succeed."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(setup, "set_up_docs", lambda: Path("programs"))
    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_a_site_and_a_check(built: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main([]) == 0
    assert capsys.readouterr().out == "The site is in site: open site/index.html.\n"
    assert docs.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    strictly = ["programs/mkdocs", "build", "--strict", "--site-dir"]
    assert built == [[*strictly, "site"], [*strictly, ".cache/site"]]


def test_the_style_of_the_site_is_there() -> None:
    """MkDocs does not miss it."""
    config = (setup.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.findall(r"^extra_css: \[(.+)\]$", config, re.MULTILINE) == ["site.css"]
    # Material's own rule breaks names in the middle of a word, so that `description` read as `descriptio n`.
    style = (setup.ROOT / "docs" / "site.css").read_text(encoding="utf-8")
    assert ".md-typeset table:not([class]) code { word-break: normal;" in style


def test_what_is_wrong_is_an_exit_code(
    built: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    assert docs.main([]) == 1
    assert capsys.readouterr().out == ""

    def fails() -> Path:
        raise setup.SetupError("no net")

    monkeypatch.setattr(setup, "set_up_docs", fails)
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == "make docs: no net\n"
    assert built == []
