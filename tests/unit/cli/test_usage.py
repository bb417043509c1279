"""`--help`: examples and exit codes of each command; and bad usage, as text and as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from roma_provider.cli.application import app
from roma_provider.cli.codes import COMMON, meanings
from roma_provider.cli.examples import EXAMPLES, Example
from roma_provider.cli.usage import of_option, seconds
from tests.support.fakes import ID

GROUP: Any = typer.main.get_command(app)
COMMANDS = list(GROUP.commands)


def roma(*arguments: str, **environment: str | None) -> Result:
    return CliRunner().invoke(app, arguments, env=environment)


def commands_in(line: str) -> Iterator[list[str]]:
    """The arguments of each call of `roma` in a line for a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, "|"]:
        if word.startswith("$("):
            yield from commands_in(word[2:-1])
        if word not in ("|", ">", "&&"):
            words.append(word)
            continue
        if words[:1] == ["roma"]:
            yield words[1:]
        words = []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_and_exit_codes(name: str) -> None:
    found = roma(name, "--help", COLUMNS="80")
    lines = found.output.splitlines()
    assert (found.exit_code, found.stderr) == (0, "")
    at = lines.index("Examples:")
    expected = [line for example in EXAMPLES[name] for line in (f"  # {example.what}", f"  {example.line}")]
    assert lines[at + 1 :] == expected
    assert len(EXAMPLES[name]) >= 2 or name in ("journal", "forget", "completion")
    told = lines[lines.index("Exit codes:") + 1 : at]
    assert [int(line.split()[0]) for line in told if line[2:3].strip()] == [int(code) for code in meanings(name)]
    assert all(when.split()[0] in found.output for when in meanings(name).values())


def test_the_help_of_the_whole() -> None:
    found = roma("--help", COLUMNS="80").output
    assert roma("-h", COLUMNS="80").output == found
    assert roma("list", "-h").output == roma("list", "--help").output
    assert [
        line.split()[0] for line in found.partition("Commands:")[2].partition("\n\n")[0].split("\n")[1:]
    ] == COMMANDS
    assert "..." not in found.partition("Commands:")[2].partition("\n\n")[0]
    assert all(f"\n  {int(code)}" in found for code in COMMON)
    assert all(f"\n  {example.line}\n" in found for example in EXAMPLES["roma"])
    assert "\n  NO_COLOR " in found


def test_nothing_has_examples_that_is_no_command() -> None:
    assert sorted(EXAMPLES) == sorted([*COMMANDS, "roma"])


@pytest.mark.parametrize(
    "example", [one for examples in EXAMPLES.values() for one in examples], ids=lambda one: one.line
)
def test_each_example_can_be_written_so(example: Example) -> None:
    calls = list(commands_in(example.line))
    assert len(calls) == 1
    for name, *rest in calls:
        if "--help" not in rest:
            GROUP.commands[name].make_context(name, list(rest))


def test_an_example_that_cannot_be_written_so_is_found() -> None:
    [[name, *rest]] = commands_in("terraform state pull | roma import --tfstat - > __main__.py")
    assert rest == ["--tfstat", "-"]
    with pytest.raises(typer.BadParameter.__mro__[1]):
        GROUP.commands[name].make_context(name, rest)


@pytest.mark.parametrize(
    ("arguments", "command", "said"),
    [
        (["list", "--json", "--regoin", "x"], "list", "No such option: --regoin"),
        (["import", "--json"], "import", "write ids or names of instances, --all or --tfstate FILE"),
        (["watch", ID, "--json", "--timeout", "25h"], "watch", "write seconds, or a time such as 90m"),
        (["dcotor", "--json"], None, "No such command 'dcotor'"),
        (["--json"], None, "No such option: --json"),
    ],
)
def test_bad_usage_as_json(arguments: list[str], command: str | None, said: str) -> None:
    found = roma(*arguments)
    told = json.loads(found.stdout)
    [message] = told.pop("messages")
    assert (found.exit_code, told) == (64, {"command": command, "ok": False, "exit_code": 64})
    assert said in message
    assert said in " ".join(found.stderr.split())


def test_bad_usage_without_json_has_nothing_on_standard_output() -> None:
    assert (roma("list", "--regoin").stdout, roma("list", "--regoin").exit_code) == ("", 64)


PLACED = [["doctor"], ["watch", ID], ["list"], ["import", "--all"]]
REGION_ADVICE, PROJECT_ADVICE = "write a region id, such as cn-north-4, not ", "write a project id, such as "

EMPTY = [
    (["list", ""], "ID|NAME"),
    (["list", "one", ""], "ID|NAME"),
    (["list", "--status", ""], "--status"),
    (["list", "--expect", ""], "--expect"),
    (["import", ""], "ID|NAME"),
    (["import", "--all", "--tfstate", ""], "--tfstate"),
    (["preview-summary", ""], "FILE|-"),
    (["preview-summary", "--stack", ""], "--stack"),
    (["forget", "", "--yes"], "ID"),
]


@pytest.mark.parametrize(
    ("arguments", "where", "said"),
    [
        (["watch", "nosuch"], "INSTANCE_ID", "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, "),
        (["watch", "../x"], "INSTANCE_ID", "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, "),
        *(([*command, "--region", "evil.com#"], "--region", REGION_ADVICE) for command in PLACED),
        *(([*command, "--region", ""], "--region", REGION_ADVICE) for command in PLACED),
        *(([*command, "--project-id", "../v3"], "--project-id", PROJECT_ADVICE) for command in PLACED),
        # What a shell makes of a variable that is not set, such as `roma list "$ID" --expect RUNNING`.
        *((arguments, where, "write a text that is not empty, not ''") for arguments, where in EMPTY),
        (["watch", ID, "--timeout", "9" * 400 + "m"], "--timeout", "write seconds, or a time such as 90m"),
        (["watch", ID, "--timeout", "9" * 5000 + "h"], "--timeout", "write seconds, or a time such as 90m"),
    ],
)
def test_a_value_that_cannot_be_one_is_bad_usage(arguments: list[str], where: str, said: str) -> None:
    found = roma(*arguments, "--json")
    told = json.loads(found.stdout)
    [message] = told["messages"]
    assert (found.exit_code, told["exit_code"], set(told)) == (64, 64, {"command", "ok", "exit_code", "messages"})
    assert where in message
    assert said in message


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json(name: str) -> None:
    assert "--json" in {option for param in GROUP.commands[name].params for option in param.opts}


@pytest.mark.parametrize(
    ("text", "found"),
    [("90", 90.0), ("0.5", 0.5), ("60m", 3600.0), ("1h30m", 5400.0), ("45s", 45.0), ("2 h", 7200.0), ("24h", 86400.0)],
)
def test_times(text: str, found: float) -> None:
    assert seconds(text) == of_option(seconds)(text) == found


@pytest.mark.parametrize("text", ["", "m", "1d", "-5", "0", "0m", "25h", "nan", "1e3", "30m1h"])
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="write seconds, or a time such as 90m or 1h30m, up to 24h, not "):
        seconds(text)
