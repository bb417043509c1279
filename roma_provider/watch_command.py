"""`roma watch` as a command: where its output goes, the timeline, and its exit codes. Needs the extra `cli`.

Exit codes are those of :class:`~roma_provider.watch.Outcome`, and 64 for a FILE.svg that cannot be written, 141 where
nobody reads the output any more, 143 after SIGTERM.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from rich.console import Console

from . import timeline
from .errors import InputError
from .terminal import chosen as chosen_progress
from .watch import Ending, Outcome, Watch
from .watch_screen import ScreenView
from .watch_views import JsonView, LineView

USAGE = 64
BROKEN_PIPE = 141
TERMINATED = 143

_TIMELINE_MISSING = "--timeline needs its extra: pip install 'roma-provider[timeline]'"


def run(watch: Watch, picture: Path | None, *, as_json: bool) -> int:
    """Watch, and draw ``picture``, if any; the exit code. Nothing is raised but SystemExit, by SIGTERM."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return _run(watch, picture, as_json=as_json)
    except BrokenPipeError:
        # What Python still holds is written at its exit, where nobody could catch the error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return Outcome.INTERRUPTED.code
    except Exception as error:  # noqa: BLE001 - exit code 1, which Python would give, is a verdict here
        where = traceback.extract_tb(error.__traceback__)[-1]
        _complain(
            f"a fault of this program's own: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        )
        return Outcome.ERROR.code


def _terminated(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)  # by way of an exception, which leaves the terminal as it was


def _run(watch: Watch, picture: Path | None, *, as_json: bool) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name that the terminal cannot show is no reason to end
    if picture is not None:
        try:
            timeline.check_path(picture)
        except InputError as error:
            _complain(str(error))
            return USAGE
        except ModuleNotFoundError as error:
            if error.name != timeline.MODULE:
                raise
            _complain(_TIMELINE_MISSING)
            return Outcome.ERROR.code
    try:
        live = not as_json and chosen_progress(watch.settings.environment) is not False and _is_terminal()
    except InputError as error:
        _complain(str(error))
        return Outcome.ERROR.code
    ending = _watched(watch, live=live, as_json=as_json)
    if ending.outcome is Outcome.ERROR and not as_json:
        for reason in ending.reasons:
            _complain(reason)
    if picture is not None and ending.outcome not in (Outcome.ERROR, Outcome.INTERRUPTED):
        _draw(ending, picture)
    return ending.outcome.code


def _watched(watch: Watch, *, live: bool, as_json: bool) -> Ending:
    view: JsonView | LineView | ScreenView
    if as_json:
        view = JsonView(_write, watch.settings.clock)
    elif live:
        view = ScreenView(Console(highlight=False, emoji=False), watch.settings.clock)
    else:
        view = LineView(_write)
    with view if isinstance(view, ScreenView) else contextlib.nullcontext():
        ending = watch.run(view)
        view.end(ending)
    return ending


def _draw(ending: Ending, picture: Path) -> None:
    """The verdict stands, whatever becomes of the picture."""
    if ending.look.progress is None:
        _complain("no timeline is drawn: there was no answer to draw")
        return
    try:
        timeline.draw(ending.look.progress, picture)
    except OSError as error:
        _complain(f"the timeline was not written to {picture}: {error.strerror or error}")


def _is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _write(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _complain(text: str) -> None:
    print(f"roma: {text}", file=sys.stderr)  # noqa: T201
