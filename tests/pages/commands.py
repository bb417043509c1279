"""What can be said of a command of the pages without running it: its program, options, targets and settings exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr
from functools import cache
from io import StringIO
from typing import Any

import typer

from roma_provider.cli.application import app
from roma_provider.config import keys
from roma_provider.config.keys import Key
from roma_provider.emulator.control import cli as emulator
from tests.pages.blocks import ROOT

ENDS = re.compile(r"[\n;&|()<>]+")
ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
# Of the tools and the tests, not of the package.
OTHERS = frozenset({"ROMA_PROVIDER_CACHE", "ROMA_PROVIDER_ENGINE", "ROMA_RECORDING"})
OURS = re.compile(r"(?:HW|ROMA|HUAWEICLOUD)_\w+")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = frozenset(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
VARIABLES = frozenset({*re.findall(r"^(\w+) \?=", MAKEFILE, re.MULTILINE), "ENGINE"})
# Programs that are not ours. A word that is none of these may be a slip of the pen.
TOOLS = frozenset(
    "bash cat cd curl eval exec exit export git go grep jq mkdir npm pip sed sh tee terraform true unset".split()  # noqa: SIM905
)
PULUMI = frozenset(
    "cancel config destroy import login new plugin policy preview refresh stack state up".split()  # noqa: SIM905
)


@cache
def settings() -> tuple[Key, ...]:
    """All settings of the package."""
    return tuple(value for value in vars(keys).values() if isinstance(value, Key))


def variables() -> frozenset[str]:
    """The variables that the package reads."""
    return frozenset(name for key in settings() for name in key.variables)


def config_keys() -> frozenset[str]:
    return frozenset(key.config for key in settings() if key.config)


def commands(text: str) -> list[list[str]]:
    """The commands of a script, each as its words; where one is told to run another, both."""
    plain = re.sub(r"(?:(?<=\s)|^)#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lexer = shlex.shlex(plain, posix=True, punctuation_chars="\n;&|()<>")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t", True, ""
    found: list[list[str]] = [[]]
    redirected = False
    for word in lexer:
        if ENDS.fullmatch(word):
            redirected = set(word) <= set("<>&") and "&&" not in word
            if not redirected:
                found.append([])
        elif redirected:
            redirected = False  # a file
        else:
            found[-1].append(word)
    return [words for words in found if words]


def complaints(text: str) -> Iterator[str]:
    """What is wrong with the commands of a script."""
    if re.search(r">\s*\S*\.tfstate\b", text):
        yield "the shell empties a local state of Terraform's before `terraform` reads it: write to another file"
    for words in commands(text):
        yield from _complaints(words)


def _complaints(words: list[str]) -> Iterator[str]:
    while words and (assigned := ASSIGNED.fullmatch(words[0])):
        yield from _variable(assigned[1])
        words = words[1:]
    if not words:
        return
    name, *arguments = words
    if name in ("exec", "export"):
        yield from _complaints(arguments)
    elif name == "eval":
        yield from complaints(re.sub(r"^\$\((.*)\)$", r"\1", arguments[0]))
    elif name == "roma":
        yield from _roma(arguments)
    elif name == "roma-emulator":
        yield from _emulator(arguments)
    elif name == "make":
        yield from _make(arguments)
    elif name == "pulumi":
        yield from _pulumi(arguments)
    elif name.rpartition("/")[2] in ("python", "python3"):
        yield from _python(arguments)
    elif name.rpartition("/")[2] not in TOOLS:
        yield f"there is no command {name!r}; if there is, add it to TOOLS of tests/pages/commands.py"


def _variable(name: str) -> Iterator[str]:
    if OURS.fullmatch(name) and name not in variables() | OTHERS:
        yield f"no setting has the variable {name}"


def _roma(arguments: list[str]) -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    if arguments[:1] == ["--version"]:
        return
    command = group.commands.get(arguments[0])
    if command is None:
        yield f"there is no command `roma {arguments[0]}`"
        return
    options = {option for parameter in command.params for option in parameter.opts}
    for word in arguments[1:]:
        option = word.partition("=")[0].strip("[]…")
        if option.startswith("-") and option != "-" and option not in options:
            yield f"`roma {arguments[0]}` has no option {option}"


def _emulator(arguments: list[str]) -> Iterator[str]:
    own, separator, command = arguments, "", []
    if "--" in arguments:
        at = arguments.index("--")
        own, separator, command = arguments[:at], "--", arguments[at + 1 :]
    said = StringIO()
    try:
        with redirect_stderr(said):
            emulator._parser().parse_args(own)
    except SystemExit:
        yield said.getvalue().strip().splitlines()[-1]
    if separator:
        yield from _complaints(command)


def _make(arguments: list[str]) -> Iterator[str]:
    for word in arguments:
        assigned = ASSIGNED.fullmatch(word)
        if not assigned:
            if word not in TARGETS:
                yield f"the Makefile has no target {word}"
        elif assigned[1] not in VARIABLES:
            yield f"the Makefile has no variable {assigned[1]}"
        elif assigned[1] == "PYTEST_ARGUMENTS":
            yield from _pytest(shlex.split(assigned[2]))


def _pulumi(arguments: list[str]) -> Iterator[str]:
    if arguments[0] not in PULUMI:
        yield f"`pulumi {arguments[0]}` is not known; add it to PULUMI of tests/pages/commands.py"
    if arguments[:2] == ["config", "set"]:
        for word in arguments[2:]:
            if word.startswith("roma:") and re.split(r"[.\[]", word)[0] not in config_keys():
                yield f"no setting has the config key {word}"


def _python(arguments: list[str]) -> Iterator[str]:
    if arguments[:2] == ["-m", "pytest"]:
        yield from _pytest(arguments[2:])
    elif arguments[:1] == ["-m"]:
        path = ROOT / arguments[1].replace(".", "/")
        if path.parts[-1] not in ("venv",) and not (path.is_dir() or path.with_suffix(".py").exists()):
            yield f"there is no module {arguments[1]}"
    elif arguments[0].endswith(".py") and not (ROOT / arguments[0]).exists():
        yield f"there is no file {arguments[0]}"


def _pytest(arguments: list[str]) -> Iterator[str]:
    for word in arguments:
        path, _, test = word.partition("::")
        if not path.startswith("tests/"):
            continue
        if not (ROOT / path).exists():
            yield f"there is no {path}"
        elif test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"):
            yield f"{path} has no test {test}"
