"""What `roma completion` prints, and what the shells then ask. Imports typer, of the extra `cli`."""

from __future__ import annotations

from enum import Enum

# Of typer's documented way to add these as options, without the options.
from typer.completion import completion_init, get_completion_script  # type: ignore[attr-defined]

from ..api import status
from .codes import Code
from .output import Output

PROGRAM = "roma"
VARIABLE = "_ROMA_COMPLETE"
DONE = Code.DONE
# As a file of fpath the script is the body of `_roma`, which runs at the first Tab: that one is to complete too.
_FIRST_TAB = 'if [ "$funcstack[1]" = "_roma" ]; then _roma_completion; fi'


class Shell(str, Enum):
    """A shell whose completion is known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def prepare() -> None:
    """Have `roma` answer what a shell asks by VARIABLE."""
    completion_init()


def script(shell: Shell) -> str:
    """What a shell has to read."""
    found: str = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell.value)
    return f"{found}\n\n{_FIRST_TAB}" if shell is Shell.ZSH else found


def run(shell: Shell, output: Output) -> int:
    """Print it; the exit code."""
    output.say(script(shell))
    output.found = {"shell": shell.value, "script": script(shell)}
    return DONE


def statuses(incomplete: str) -> list[str]:
    """The words of a status that begin so, in the case of what is written already."""
    known = status.READY | status.PENDING | status.FAILED | status.ENDED | status.GONE
    found = sorted(one for one in known if one.startswith(incomplete.upper()))
    return [one.lower() for one in found] if incomplete.islower() else found
