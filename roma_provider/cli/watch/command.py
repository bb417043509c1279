"""`roma watch` as a command: where its output goes, the timeline, and its exit codes. Needs the extra `cli`.

Exit codes are those of :class:`~.watch.Outcome`, and 64 for a FILE.svg that cannot be written, 141 where
nobody reads the output any more, 143 after SIGTERM. Output that cannot be written otherwise changes none of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from rich.console import Console

from ...errors import InputError
from ...texts import json_for_people
from ..codes import Code
from ..output import BROKEN_PIPE, Output, complain, complain_of_fault, discard, messages, stream, take_any_name
from . import timeline
from .screen import ScreenView, shown_to_the_shell
from .views import JsonView, LineView
from .watch import Ending, Outcome, Watch

USAGE, TERMINATED = Code.USAGE, Code.TERMINATED

_TIMELINE_MISSING = "--timeline needs its extra: pip install 'roma-provider[timeline]'"


class _Terminated:
    """Whether SIGTERM has come."""

    def __init__(self) -> None:
        self.is_set = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.is_set = True
        raise KeyboardInterrupt

    def code(self, code: int) -> int:
        """The exit code that it makes of one."""
        return TERMINATED if self.is_set and code == Outcome.INTERRUPTED.code else code


def run(watch: Watch, picture: Path | None, *, as_json: bool) -> int:
    """Watch, and draw ``picture``, if any; the exit code. SIGTERM ends it as Ctrl-C does, but for the code."""
    terminated = _Terminated()
    signal.signal(signal.SIGTERM, terminated)
    output = Output(as_json=as_json)
    try:
        with messages() as said:
            code, told = _told(watch, picture, output, terminated)
            if as_json and not told:
                output.write(json_for_people(JsonView.short(watch.instance_id, code, said)))
    except BrokenPipeError:
        if (out := stream("stdout")) is not None:
            discard(out)
        return BROKEN_PIPE
    finally:
        output.close()
    return code


def _told(watch: Watch, picture: Path | None, output: Output, terminated: _Terminated) -> tuple[int, bool]:
    """The exit code, and whether the last line of JSON, if any is asked for, is written."""
    try:
        return _run(watch, picture, output, terminated)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return terminated.code(Outcome.INTERRUPTED.code), False
    except Exception as error:  # noqa: BLE001 - exit code 1, which Python would give, is a verdict here
        complain_of_fault(error)
        return Outcome.ERROR.code, False


def _run(watch: Watch, picture: Path | None, output: Output, terminated: _Terminated) -> tuple[int, bool]:
    take_any_name()
    if picture is not None:
        try:
            timeline.check_path(picture)
        except InputError as error:
            complain(str(error))
            return USAGE, False
        except ModuleNotFoundError as error:
            if error.name != timeline.MODULE:
                raise
            complain(_TIMELINE_MISSING)
            return Outcome.ERROR.code, False
    view = _view(watch, output)
    ending = _watched(watch, view)
    if ending.outcome is Outcome.ERROR:
        for reason in ending.reasons:
            complain(reason)
    if picture is not None and ending.outcome not in (Outcome.ERROR, Outcome.INTERRUPTED):
        _draw(ending, picture)
    code = terminated.code(ending.outcome.code)
    if isinstance(view, JsonView):  # the last, since it holds all that was said
        view.finish(ending, code)
    return code, True


def _view(watch: Watch, output: Output) -> JsonView | LineView | ScreenView:
    if output.as_json:
        return JsonView(output.write, watch.session.clock)
    if _is_live(watch):
        return ScreenView(Console(highlight=False, emoji=False), watch.session.clock)
    return LineView(output.write)


def _watched(watch: Watch, view: JsonView | LineView | ScreenView) -> Ending:
    with contextlib.ExitStack() as stack:
        if isinstance(view, ScreenView):
            stack.enter_context(shown_to_the_shell(sys.stdout.fileno()))
            stack.enter_context(view)
        ending = watch.run(view)
        if not isinstance(view, JsonView):
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
