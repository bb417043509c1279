"""The command line of `roma`: its commands, their options and their exit codes. Imports typer, of the extra `cli`."""

# No `from __future__ import annotations`: typer reads the annotations.
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from .. import __version__
from ..config.keys import PROJECT, REGION, no_stack

# EX_USAGE of sysexits.h. Typer's own, 2, is that of `roma watch` for a time-out.
USAGE = 64

_TIME = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
# Of click, or of the copy of it that typer brings: what all errors of usage have in common.
_USAGE_ERROR: Any = typer.BadParameter.__mro__[1]


def seconds(text: str) -> float:
    """A time-out: ``3600``, ``90m``, ``1h30m``. ValueError, worded for the user, for anything else."""
    word = text.strip().replace(" ", "")
    if re.fullmatch(r"\d+(\.\d+)?", word):
        found = float(word)
    else:
        match = _TIME.fullmatch(word)
        hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
        found = hours * 3600.0 + minutes * 60 + rest
    if not 0 < found <= 86400:
        raise ValueError(f"write seconds, or a time such as 90m or 1h30m, up to 24h, not {text!r}")
    return found


def _time(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@contextmanager
def _usage() -> Iterator[None]:
    try:
        yield
    except _USAGE_ERROR as error:
        error.exit_code = USAGE
        raise


class _Group(TyperGroup):
    """Bad usage, of any command, exits with a code that means nothing else."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        with _usage():
            return super().make_context(*arguments, **options)

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        with _usage():
            return super().invoke(*arguments, **options)


app = typer.Typer(cls=_Group, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

_REGION = typer.Option(help=f"Region, instead of {REGION.variable}.")
_PROJECT = typer.Option(help=f"Project id, instead of {PROJECT.variable}.")


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
    """Huawei Cloud ROMA Connect instances. Bad usage exits with 64."""


@app.command()
def doctor(
    region: Annotated[str | None, _REGION] = None,
    project_id: Annotated[str | None, _PROJECT] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
) -> None:
    """Sign in as the provider would, read, and compare the answers with what the provider expects.

    Reads only; takes its settings from the environment. The report holds no secret and no whole id, so
    that it can be pasted into an issue. Exits with 1 if anything failed.
    """
    from ..lifecycle.session import Session
    from .doctor import examine

    findings = examine(Session.of(no_stack, os.environ), region, project_id)
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    if as_json:
        console.out(json.dumps(findings.as_json(), indent=2), highlight=False)
    else:
        for line in findings.as_lines():
            console.print(line, markup=False, style="red" if line.startswith("FAIL") else None)
    raise typer.Exit(0 if findings.ok else 1)


@app.command()
def watch(
    instance_id: Annotated[str, typer.Argument(help="Id of the instance.", show_default=False)],
    region: Annotated[str | None, _REGION] = None,
    project_id: Annotated[str | None, _PROJECT] = None,
    timeout: Annotated[
        float, typer.Option(parser=_time, metavar="TIME", help="How long to watch: seconds, 90m, 1h30m.")
    ] = "90m",  # type: ignore[assignment]
    as_json: Annotated[bool, typer.Option("--json", help="Write a line of JSON for each change.")] = False,
    timeline: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="In the end, draw the sub-services over time.", show_default=False),
    ] = None,
) -> None:
    """Show how far the creation of an instance is, until it is ready or has failed.

    Reads only; takes its settings from the environment, as the provider does.

    Exits with 0 if the instance is ready, 1 if its creation failed or it is gone, 2 if the time is over,
    3 if nothing can be said (settings, sign-in, network, no such instance), 64 for bad usage, 130 after Ctrl-C,
    143 after SIGTERM.
    """
    from ..lifecycle.session import Session
    from .watch.command import run
    from .watch.watch import Watch

    session = Session.of(no_stack, os.environ)
    raise typer.Exit(run(Watch(session, instance_id, region, project_id, timeout), timeline, as_json=as_json))


@app.command("list")
def list_(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="ID|NAME", help="These alone; all, if none is given.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help="Those of this status; repeatable.")
    ] = None,
    expect: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Exit with 1 unless each of them has this status.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one object of JSON.")] = False,
    region: Annotated[str | None, _REGION] = None,
    project_id: Annotated[str | None, _PROJECT] = None,
) -> None:
    """Show the instances of a project, and which of them this machine has ordered, adopted or deletes.

    Reads only; takes its settings from the environment, as the provider does. A table on a terminal, else a line of
    fields with tabs between them for each.

    Exits with 0; with --expect 1 if an instance has another status or none is shown; 1 if one that is named is not
    there; 3 if nothing can be said (settings, sign-in, network, output that cannot be written).
    """
    from ..lifecycle.session import Session
    from .listing import Wish, run
    from .output import with_output

    session = Session.of(no_stack, os.environ)
    wish = Wish(names or (), status or (), expect, as_json)
    raise typer.Exit(with_output(lambda output: run(session, region, project_id, wish, output)))


@app.command("import")
def import_(
    names: Annotated[list[str] | None, typer.Argument(metavar="ID|NAME", help="Ids or names of instances.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All instances of the project.")] = False,
    existing: Annotated[bool, typer.Option("--existing", help="Refer to them (ExistingInstance), do not own.")] = False,
    tfstate: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Those that a state of Terraform (format 4) holds; - for standard input."),
    ] = None,
    region: Annotated[str | None, _REGION] = None,
    project_id: Annotated[str | None, _PROJECT] = None,
) -> None:
    """Print a Python program that declares instances as they are; `pulumi up` then takes them over.

    Reads only; takes its settings from the environment, as the provider does. Of a state of Terraform it takes ids,
    names and regions, and all else from the API.

    Exits with 0 if all that was asked for is in the program; 1 if something is not, which standard error and a comment
    say; 3 if nothing can be said (settings, sign-in, network, a FILE that is no state, output that cannot be written).
    """
    from ..lifecycle.session import Session
    from .imports.command import run
    from .imports.wanted import Wish
    from .output import with_output

    if every and (names or tfstate):
        raise typer.BadParameter("write --all, or which instances, not both", param_hint="--all")
    if not every and not names and tfstate is None:
        raise typer.BadParameter("write ids or names of instances, --all or --tfstate FILE", param_hint="ID|NAME")
    session = Session.of(no_stack, os.environ)
    wish = Wish(names or (), every, tfstate, existing, region, project_id)
    raise typer.Exit(with_output(lambda output: run(session, wish, output)))


@app.command("preview-summary")
def preview_summary(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="What `pulumi preview --json` printed; - for standard input.")
    ] = "-",
    max_bytes: Annotated[
        int, typer.Option(metavar="N", min=4_000, help="Size of the comment; what matters least is left out.")
    ] = 65_000,
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="What the stack is called in title and marker.", show_default="PROJECT/STACK"
        ),
    ] = None,
    exit_code: Annotated[
        int, typer.Option(metavar="N", help="What the preview exited with; the JSON does not say each failure.")
    ] = 0,
) -> None:
    """Print what a preview says as Markdown for one comment of a pull request: errors, losses, changes, warnings.

    Asks and changes nothing. Its first line is a marker, by which a comment is found again. Secrets are taken out, and
    no name or message in it links, pings or hides anything.

    Exits with 0 if the comment is printed, whatever it says;
    3 if there is none (a FILE that is no preview, output that cannot be written).
    """
    from ..clock import Clock
    from .output import with_output
    from .preview.command import Wish, run

    wish = Wish(file, max_bytes, stack, exit_code)
    raise typer.Exit(with_output(lambda output: run(os.environ, Clock(), wish, output)))


@app.command()
def journal() -> None:
    """Say which instances were ordered or deleted from this machine and may be in no state: what a killed run left.

    Reads only; takes its settings from the environment. Exits with 0 if there is nothing to do, 1 if something is open.
    """
    from ..lifecycle.session import Session
    from .journal import run as run_journal

    raise typer.Exit(run_journal(Session.of(no_stack, os.environ), typer.echo))


@app.command()
def forget(
    what: Annotated[str, typer.Argument(metavar="ID", help="Id of an instance, or the key that a message names.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take an interrupted order or deletion out of the journal of this machine. No instance is touched.

    For an instance that was dealt with elsewhere, such as deleted in the console. Exits with 0 if it is forgotten, 1 if
    there is nothing of that id or the answer is no.
    """
    from ..lifecycle.session import Session
    from .forget import run as run_forget

    session = Session.of(no_stack, os.environ)
    raise typer.Exit(run_forget(session, what, lambda question: yes or typer.confirm(question), typer.echo))
