"""The entry point of `roma`, which says what is missing where the extra `cli` is not installed."""

from __future__ import annotations

import sys

_EXTRA_MISSING = "roma: this command needs its extra: pip install 'roma-provider[cli]'"
_EXTRA_MODULES = ("typer", "rich", "click")


def main() -> None:
    """Run the command line. Exits with 64 for bad usage, and 3 where the extra is missing."""
    try:
        from .application import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA_MODULES:
            raise
        print(_EXTRA_MISSING, file=sys.stderr)  # noqa: T201
        sys.exit(3)
    app()


if __name__ == "__main__":
    main()
