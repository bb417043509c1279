"""`roma`: what a person asks of ROMA Connect beside a Pulumi program. Needs the extra `cli`."""

# No `from __future__ import annotations`: typer reads the annotations, and is imported in a function.
import json
import sys
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer

_EXTRA_MISSING = "roma: this command needs its extra: pip install 'roma-provider[cli]'"
_EXTRA_MODULES = ("typer", "rich", "click")


def application() -> "typer.Typer":
    """The command line. Raises ModuleNotFoundError where the extra is not installed."""
    import typer
    from rich.console import Console

    app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

    @app.callback()
    def roma() -> None:
        """Huawei Cloud ROMA Connect instances."""

    @app.command()
    def doctor(
        region: Annotated[str | None, typer.Option(help="Region, instead of HW_REGION_NAME.")] = None,
        project_id: Annotated[str | None, typer.Option(help="Project id, instead of HW_PROJECT_ID.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON.")] = False,
    ) -> None:
        """Sign in as the provider would, read, and compare the answers with what the provider expects.

        Reads only; takes its settings from the environment. The report holds no secret and no whole id, so
        that it can be pasted into an issue. Exits with 1 if anything failed.
        """
        from .doctor import examine
        from .settings import Settings

        report = examine(Settings.of(lambda _key: None), region, project_id)
        console = Console(highlight=False, soft_wrap=True, emoji=False)
        if as_json:
            console.out(json.dumps(report.as_json(), indent=2), highlight=False)
        else:
            for line in report.as_lines():
                console.print(line, markup=False, style="red" if line.startswith("FAIL") else None)
        raise typer.Exit(0 if report.ok else 1)

    return app


def main() -> None:
    """The entry point. Exits with 2 for bad usage and where the extra is missing."""
    try:
        app = application()
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA_MODULES:
            raise
        print(_EXTRA_MISSING, file=sys.stderr)  # noqa: T201
        sys.exit(2)
    app()


if __name__ == "__main__":
    main()
