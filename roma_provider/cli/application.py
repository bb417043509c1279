"""The command line of `roma`: its commands and their options. Imports typer, of the extra `cli`.

Exit codes are in ``codes``, examples in ``examples``; `--help` shows both.
"""

# No `from __future__ import annotations`: typer reads the annotations.
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from .. import __version__
from ..config.keys import PROJECT, REGION, no_stack
from ..lifecycle.session import Session
from ..schema import rules
from . import completion as completions
from .codes import Code
from .output import Output, with_output
from .usage import Command, Group, given, of_option, seconds

USAGE = Code.USAGE

completions.prepare()
app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain text, which reads the same in a log
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Region = Annotated[
    str | None,
    typer.Option(parser=of_option(rules.region_id), metavar="REGION", help=f"Region, instead of {REGION.variable}."),
]
_Project = Annotated[
    str | None,
    typer.Option(parser=of_option(rules.project_id), metavar="ID", help=f"Project id, instead of {PROJECT.variable}."),
]
_Json = Annotated[bool, typer.Option("--json", help="Write one object of JSON, and nothing else, on standard output.")]
_Names = Annotated[
    list[str] | None,
    typer.Argument(parser=of_option(given), metavar="ID|NAME", help="Ids or names of instances."),
]


def _run(do: Callable[[Session, Output], int], command: str, as_json: bool) -> None:
    """Run a command, which has a session; it ends the process by its exit code."""

    def begin(output: Output) -> int:
        return do(Session.of(no_stack, os.environ), output)

    raise typer.Exit(int(with_output(begin, command, as_json=as_json)))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"roma-provider {__version__}")
        raise typer.Exit


@app.callback()
def roma(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version of this package.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Huawei Cloud ROMA Connect instances. No command creates, changes or deletes an instance."""


@app.command(cls=Command)
def doctor(
    region: _Region = None,
    project_id: _Project = None,
    report: Annotated[bool, typer.Option("--report", help="Write a text for an issue: no secrets, no ids.")] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep the API's answers in a new file, without secrets, ids replaced.",
            show_default=False,
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Sign in, read, and compare the API's answers.

    It signs in as the provider does, and says where an answer is other than the provider expects. It sends GETs alone,
    and what signing in takes. Takes its settings from the environment. What it prints holds no secret and no whole id.
    """
    from .doctor.command import Wish, run

    # Of os.path, which takes any name: one that is too long is no error yet.
    if record is not None and (os.path.lexists(record) or not os.path.isdir(record.absolute().parent)):
        raise typer.BadParameter("write the name of a new file in a folder that exists", param_hint="--record")
    wish = Wish(region, project_id, report, record)
    _run(lambda session, output: run(session, wish, output), "doctor", as_json)


@app.command(cls=Command)
def watch(
    instance_id: Annotated[
        str,
        typer.Argument(
            parser=of_option(rules.instance_id),
            metavar="INSTANCE_ID",
            help="Id of the instance.",
            show_default=False,
        ),
    ],
    region: _Region = None,
    project_id: _Project = None,
    timeout: Annotated[
        float, typer.Option(parser=of_option(seconds), metavar="TIME", help="How long to watch: seconds, 90m, 1h30m.")
    ] = "90m",  # type: ignore[assignment]
    as_json: Annotated[
        bool, typer.Option("--json", help="Write an object of JSON for each change, a line each, and nothing else.")
    ] = False,
    timeline: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="In the end, draw the sub-services over time.", show_default=False),
    ] = None,
) -> None:
    """Follow the creation of an instance.

    It shows how far the creation is, until the instance is ready or has failed. Reads only; takes its settings from the
    environment, as the provider does.
    """
    from .watch.command import run
    from .watch.watch import Watch

    session = Session.of(no_stack, os.environ)
    raise typer.Exit(int(run(Watch(session, instance_id, region, project_id, timeout), timeline, as_json=as_json)))


@app.command("list", cls=Command)
def list_(
    names: _Names = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            parser=of_option(given),
            metavar="STATUS",
            help="Those of this status; repeatable.",
            autocompletion=completions.statuses,
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(
            parser=of_option(given),
            metavar="STATUS",
            help="Exit with 1 unless each of them has this status.",
            autocompletion=completions.statuses,
        ),
    ] = None,
    as_json: _Json = False,
    region: _Region = None,
    project_id: _Project = None,
) -> None:
    """Show the instances of a project.

    It also shows which of them this machine has ordered, adopted or deletes. Without names it shows all. On a terminal
    it is a table, else a line of fields with tabs between them for each. Reads only; takes its settings from the
    environment, as the provider does.
    """
    from .listing import Wish, run

    wish = Wish(names or (), status or (), expect)
    _run(lambda session, output: run(session, region, project_id, wish, output), "list", as_json)


@app.command("import", cls=Command)
def import_(
    names: _Names = None,
    every: Annotated[bool, typer.Option("--all", help="All instances of the project.")] = False,
    existing: Annotated[bool, typer.Option("--existing", help="Refer to them (ExistingInstance), do not own.")] = False,
    tfstate: Annotated[
        str | None,
        typer.Option(
            parser=of_option(given),
            metavar="FILE",
            help="Those that a state of Terraform (format 4) holds; - for standard input.",
        ),
    ] = None,
    as_json: _Json = False,
    region: _Region = None,
    project_id: _Project = None,
) -> None:
    """Print a program that takes instances over.

    It is a Python program that declares instances as they are; `pulumi up` then takes them over. Reads only; takes its
    settings from the environment, as the provider does. Of a state of Terraform it takes ids, names and regions, and
    all else from the API. What is left out of the program stands in a comment in it, and on standard error.
    """
    from .imports.command import run
    from .imports.wanted import Wish

    if every and (names or tfstate):
        raise typer.BadParameter("write --all, or which instances, not both", param_hint="--all")
    if not every and not names and tfstate is None:
        raise typer.BadParameter("write ids or names of instances, --all or --tfstate FILE", param_hint="ID|NAME")
    wish = Wish(names or (), every, tfstate, existing, region, project_id)
    _run(lambda session, output: run(session, wish, output), "import", as_json)


@app.command("preview-summary", cls=Command)
def preview_summary(
    file: Annotated[
        str,
        typer.Argument(
            parser=of_option(given),
            metavar="FILE|-",
            help="What `pulumi preview --json` printed; - for standard input.",
        ),
    ] = "-",
    max_bytes: Annotated[
        int, typer.Option(metavar="N", min=4_000, help="Size of the comment; what matters least is left out.")
    ] = 65_000,
    stack: Annotated[
        str | None,
        typer.Option(
            parser=of_option(given),
            metavar="NAME",
            help="What the stack is called in title and marker.",
            show_default="PROJECT/STACK",
        ),
    ] = None,
    exit_code: Annotated[
        int, typer.Option(metavar="N", help="What the preview exited with; the JSON does not say each failure.")
    ] = 0,
    as_json: _Json = False,
) -> None:
    """Print a preview as a comment for a pull request.

    It is Markdown: errors, losses, changes, warnings. Asks and changes nothing. Its first line is a marker, by which a
    comment is found again. Secrets are taken out, and no name or message in it links, pings or hides anything.
    """
    from ..clock import Clock
    from .preview.command import Wish, run

    wish = Wish(file, max_bytes, stack, exit_code)
    code = with_output(lambda output: run(os.environ, Clock(), wish, output), "preview-summary", as_json=as_json)
    raise typer.Exit(int(code))


@app.command(cls=Command)
def journal(as_json: _Json = False) -> None:
    """Say what a killed run has left.

    These are instances that were ordered or deleted from this machine and may be in no state. Reads only; takes its
    settings from the environment.
    """
    from .journal import run

    _run(run, "journal", as_json)


@app.command(cls=Command)
def forget(
    what: Annotated[
        str,
        typer.Argument(
            parser=of_option(given), metavar="ID", help="Id of an instance, or the key that a message names."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: _Json = False,
) -> None:
    """Take an entry out of the journal.

    It is an interrupted order or deletion, in the journal of this machine. No instance is touched. For an instance that
    was dealt with elsewhere, such as deleted in the console.
    """
    from .forget import run

    if as_json and not yes:
        raise typer.BadParameter("write --yes too; with --json nobody is asked", param_hint="--json")
    _run(
        lambda session, output: run(session, what, lambda question: yes or _agrees(question), output), "forget", as_json
    )


def _agrees(question: str) -> bool:
    """What somebody answers; no where nobody does."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False


@app.command(cls=Command)
def completion(
    shell: Annotated[completions.Shell, typer.Argument(help="The shell.", show_default=False)],
    as_json: _Json = False,
) -> None:
    """Print a script for completion in a shell.

    With it the shell completes commands, options and statuses. Asks nothing.
    """
    code = with_output(lambda output: completions.run(shell, output), "completion", as_json=as_json)
    raise typer.Exit(int(code))
