"""`roma watch` as a command: where its output goes, the timeline, and its exit codes. Needs the extra `cli`.

Exit codes are those of :class:`~.watch.Outcome`, and 64 for a FILE.svg that cannot be written, 141 where
nobody reads the output any more, 143 after SIGTERM. Output that cannot be written otherwise changes none of them.
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

from ...errors import InputError
from ..output import BROKEN_PIPE, Output, complain, discard, stream
from . import timeline
from .screen import ScreenView, shown_to_the_shell
from .views import JsonView, LineView
from .watch import Ending, Outcome, Watch

USAGE = 64
TERMINATED = 143

_TIMELINE_MISSING = "--timeline needs its extra: pip install 'roma-provider[timeline]'"


def run(watch: Watch, picture: Path | None, *, as_json: bool) -> int:
    """Watch, and draw ``picture``, if any; the exit code. SIGTERM ends it as Ctrl-C does, but for the code."""
    terminated = False

    def terminate(_number: int, _frame: FrameType | None) -> None:
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, terminate)
    output = Output()
    try:
        code = _run(watch, picture, output, as_json=as_json)
    except BrokenPipeError:
        if (out := stream("stdout")) is not None:
            discard(out)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        code = Outcome.INTERRUPTED.code
    except Exception as error:  # noqa: BLE001 - exit code 1, which Python would give, is a verdict here
        where = traceback.extract_tb(error.__traceback__)[-1]
        complain(f"a fault of this program's own: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}")
        return Outcome.ERROR.code
    finally:
        output.close()
    return TERMINATED if terminated and code == Outcome.INTERRUPTED.code else code


def _run(watch: Watch, picture: Path | None, output: Output, *, as_json: bool) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name that the terminal cannot show is no reason to end
    if picture is not None:
        try:
            timeline.check_path(picture)
        except InputError as error:
            complain(str(error))
            return USAGE
        except ModuleNotFoundError as error:
            if error.name != timeline.MODULE:
                raise
            complain(_TIMELINE_MISSING)
            return Outcome.ERROR.code
    live = not as_json and _is_live(watch)
    ending = _watched(watch, output, live=live, as_json=as_json)
    if ending.outcome is Outcome.ERROR and not as_json:
        for reason in ending.reasons:
            complain(reason)
    if picture is not None and ending.outcome not in (Outcome.ERROR, Outcome.INTERRUPTED):
        _draw(ending, picture)
    return ending.outcome.code


def _watched(watch: Watch, output: Output, *, live: bool, as_json: bool) -> Ending:
    view: JsonView | LineView | ScreenView
    if as_json:
        view = JsonView(output.write, watch.session.clock)
    elif live:
        view = ScreenView(Console(highlight=False, emoji=False), watch.session.clock)
    else:
        view = LineView(output.write)
    with contextlib.ExitStack() as stack:
        if isinstance(view, ScreenView):
            stack.enter_context(shown_to_the_shell(sys.stdout.fileno()))
            stack.enter_context(view)
        ending = watch.run(view)
        view.end(ending)
    return ending


def _draw(ending: Ending, picture: Path) -> None:
    """The verdict stands, whatever becomes of the picture."""
    if ending.look.progress is None:
        complain("no timeline is drawn: there was no answer to draw")
        return
    try:
        timeline.draw(ending.look.progress, picture)
    except OSError as error:
        complain(f"the timeline was not written to {picture}: {error.strerror or error}")


def _is_live(watch: Watch) -> bool:
    try:
        wish = watch.session.settings.live_wish()
    except InputError:
        return False  # the watch refuses it
    return wish is not False and _is_terminal()


def _is_terminal() -> bool:
    out = stream("stdout")
    return out is not None and out.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")
