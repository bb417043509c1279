"""The entry point of `roma`, which says what is missing where the extra `cli` is not installed."""

from __future__ import annotations

import sys

from .output import NOTHING_KNOWN, Output, complain, with_output

_EXTRA_MISSING = "this command needs its extra: pip install 'roma-provider[cli]'"
_EXTRA_MODULES = ("typer", "rich", "click")


def main() -> None:
    """Run the command line. Exits with 64 for bad usage, and 3 where the extra is missing."""
    try:
        from .application import app

        app(prog_name="roma")  # by which a shell asks too; `python -m` would have another
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA_MODULES:
            raise
        command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        sys.exit(with_output(_missing, command, as_json="--json" in sys.argv[1:]))


def _missing(_output: Output) -> int:
    complain(_EXTRA_MISSING)
    return NOTHING_KNOWN


if __name__ == "__main__":
    main()
