"""Completion: what the script has a shell do, in a real bash; and what zsh and fish are answered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from roma_provider.cli.application import app
from roma_provider.cli.completion import Shell, script, statuses

BASH = shutil.which("bash")
# What bash does at a press of Tab, in a script: the words of the line, and where the cursor is.
PRESS_TAB = """
eval "$(roma completion bash)"
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_roma_completion roma
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def answered(shell: str, **environment: str) -> str:
    """What `roma` answers a shell."""
    found = CliRunner().invoke(app, [], env={"_ROMA_COMPLETE": f"complete_{shell}", **environment}, prog_name="roma")
    return found.output


@pytest.mark.skipif(BASH is None, reason="there is no bash on this machine")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("roma j", ["journal"]),
        ("roma list --ex", ["--expect"]),
        ("roma list --expect ru", ["running"]),
        ("roma list --status RU", ["RUNNING"]),
        ("roma completion z", ["zsh"]),
    ],
)
def test_bash_completes(tmp_path: Path, words: str, offered: list[str]) -> None:
    program = tmp_path / "roma"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m roma_provider.cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    pressed = subprocess.run(
        [str(BASH), "--norc", "--noprofile", "-c", PRESS_TAB.format(words=words)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (pressed.stdout.split(), pressed.stderr) == (offered, "")


def test_zsh_and_fish_are_answered() -> None:
    assert '"watch":"Follow the creation of an instance."' in answered("zsh", _TYPER_COMPLETE_ARGS="roma wat")
    asked = {"_TYPER_COMPLETE_ARGS": "roma list --expect FR", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert answered("fish", **asked).split() == ["FREEZE_FAILED", "FREEZING", "FROZEN"]


@pytest.mark.parametrize(
    ("shell", "lines"),
    [
        ("bash", ["complete -o default -F _roma_completion roma"]),
        ("zsh", ["#compdef roma", "compdef _roma_completion roma", 'if [ "$funcstack[1]" = "_roma" ]; then']),
        ("fish", ["complete --command roma "]),
    ],
)
def test_the_script_of_each_shell(shell: str, lines: list[str]) -> None:
    found = CliRunner().invoke(app, ["completion", shell])
    assert (found.exit_code, found.stderr, found.stdout) == (0, "", script(Shell(shell)) + "\n")
    assert all(any(said.startswith(line) for said in found.stdout.splitlines()) for line in lines)
    assert f"_ROMA_COMPLETE=complete_{shell}" in found.stdout


def test_a_shell_that_is_not_known() -> None:
    found = CliRunner().invoke(app, ["completion", "tcsh"])
    assert (found.exit_code, found.stdout) == (64, "")


def test_statuses_in_any_case() -> None:
    assert (statuses("CR"), statuses("x")) == (["CREATE_FAILED", "CREATING"], [])
    assert statuses("cr") == ["create_failed", "creating"]
