"""One call of the engine as an `Operation`, and its outcome as the engine's answer.

Made of a gRPC request and its context, whoever has them: a host that is called with nothing digs them up first. It
relies on two things that no SDK documents, and goes on where there is no context, or the engine takes neither:

- Partial state (pulumi#992, #18009). The engine takes ErrorResourceInitFailed from the details of a status in the
  trailing metadata of an aborted call. Else the state keeps nothing of a failed create; the journal does, and the
  next create resumes.
- Clean errors (pulumi#5210). A google.rpc.Status in the same place. Else a traceback is the error's text.

Each host has its own kind of call (`dynamic.call`, `plugin.call`), which says how properties and messages are spelled.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown
from pulumi.runtime.proto import provider_pb2

from ..creation.pace import Pace
from ..errors import RomaError
from ..lifecycle.operation import News
from ..texts import for_people
from . import status
from .link import INFO, WARNING, Link

if TYPE_CHECKING:
    from google.protobuf import struct_pb2
    from typing_extensions import Self

log = logging.getLogger("roma_provider")


# Of a partial state alone, in seconds: the time that the program gives a creation. The update that resumes the wait is
# told its own time only, which few programs give.
TIMEOUT = "__timeout"


class HookError(Exception):
    """What a hook raises in the end: its text is what a user reads, one reason a line."""


class EngineCall:
    """One hook call of the engine: an Operation, as lifecycle knows it.

    ``urn``, ``timeout`` (seconds) and ``old_inputs`` are None where the engine did not send them, or where
    ``request`` and ``context`` are None; an update without a timeout has that of the creation it resumes.
    """

    def __init__(self, request: Any, context: Any, link: Link) -> None:
        self._request = request
        self._context = context
        self._link = link
        self._kept: tuple[str, dict[str, Any]] | None = None
        self._answers: list[Callable[[bool], None]] = []
        self._saves: list[Callable[[], None]] = []
        self._said = ""
        self._pace = Pace()
        # Set by Cancel, by the end of the call, or when the engine is gone: every wait of the call ends.
        self.stop = threading.Event()
        self.urn: str | None = getattr(request, "urn", None) or None
        self._create_timeout = _create_timeout(request)
        self.timeout: float | None = getattr(request, "timeout", 0) or None
        if self.timeout is None and isinstance(request, provider_pb2.UpdateRequest):
            self.timeout = self._create_timeout
        self.folder = _working_folder()
        if context is not None and not context.add_callback(self.stop.set):
            self.stop.set()

    # --- what a host says of its own

    def properties(self, struct: struct_pb2.Struct) -> dict[str, Any]:
        """Properties of the engine as the lifecycle knows them: without what is the host's own."""
        raise NotImplementedError

    def spelled(self, text: str) -> str:
        """A message in the words of the host's programs; as it is, it has those of a Python program."""
        return text

    def partial(self, instance_id: str, outputs: Mapping[str, Any]) -> status.Partial | None:
        """What the state is to hold of an instance that is not ready; None where it can hold nothing."""
        return status.Partial(instance_id, outputs)

    # --- what lifecycle sees

    @contextlib.contextmanager
    def answering(self) -> Iterator[Self]:
        """Around a hook: any error in it becomes a HookError, which the engine shows well.

        A SystemExit or KeyboardInterrupt would leave the engine without an answer for ever.
        """
        with self._link.running(self.stop):
            try:
                yield self
            except BaseException as error:  # noqa: BLE001
                raise self._failed(error) from (error if isinstance(error, Exception) else None)
            else:
                self._answered(ready=True)

    @property
    def is_alive(self) -> bool:
        """Whether the engine still waits for the answer."""
        return self._context is None or bool(self._context.is_active())

    @property
    def old_inputs(self) -> dict[str, Any] | None:
        """The inputs of the state, where the engine sends them (diff, read, update)."""
        for name in ("old_inputs", "inputs"):
            if self._request is not None and hasattr(self._request, name):
                return self.properties(getattr(self._request, name))
        return None

    def is_unknown(self, value: Any) -> bool:
        """Whether a value is known only after an apply."""
        return isinstance(value, Unknown)

    def say(self, text: str, news: Hashable = None) -> None:
        """Show a status on the resource's own line, in place of the last one; in a log, say it if that is due."""
        if self._link.is_live:
            due = text != self._said
        else:
            due = news is not News.NONE and self._pace.is_due(text if news is None else news, self._link.now)
        if due:
            self._said = text
            self._tell(INFO, text, ephemeral=True)

    def note(self, text: str) -> None:
        """A lasting line under the resource."""
        self._tell(INFO, text, ephemeral=False)

    def warn(self, text: str) -> None:
        """A lasting warning under the resource."""
        self._tell(WARNING, text, ephemeral=False)

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None:
        """From now on an error of this call leaves this id and these outputs in the state."""
        self._kept = (instance_id, dict(outputs))

    def carried(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """These outputs of an instance that is not ready, with the time that a resumed wait has."""
        return dict(outputs) if self._create_timeout is None else {**outputs, TIMEOUT: self._create_timeout}

    def on_answer(self, told: Callable[[bool], None]) -> None:
        """``told`` runs just before a living engine gets an answer that holds the instance: with True for a
        ready one, with False for a partial state."""
        self._answers.append(told)

    def on_saved(self, done: Callable[[], None]) -> None:
        """``done`` runs when the engine, once it had such an answer, has lived on for as long as saving it takes."""
        self._saves.append(done)

    def _tell(self, severity: int, text: str, *, ephemeral: bool) -> None:
        self._link.log(severity, for_people(self.spelled(text)), self.urn, ephemeral=ephemeral)

    def _answered(self, *, ready: bool) -> None:
        """The answer is on its way to the engine."""
        if self.is_alive:  # or nobody reads it
            for told in self._answers:
                told(ready)
            for done in self._saves:
                self._link.when_saved(done)

    def _failed(self, error: BaseException) -> HookError:
        """The error to raise for ``error``, with what the engine shall read and keep attached."""
        found = error.reasons if isinstance(error, RomaError) else [_bug(error)]
        said = status.reasons([self.spelled(reason) for reason in found])
        kept = None
        if self._kept is not None:
            instance_id, outputs = self._kept
            kept = self.partial(instance_id, self.carried(outputs))
        if self._context is not None:
            sent, is_kept = status.status(said, kept)
            # abort() sends it along.
            self._context.set_trailing_metadata((("grpc-status-details-bin", sent),))
            if is_kept:
                self._answered(ready=False)
        return HookError("\n".join(said))


def _create_timeout(request: Any) -> float | None:
    """The time that the program gave the creation of this call's instance, in seconds; None where it gave none."""
    if isinstance(request, provider_pb2.CreateRequest):
        return request.timeout or None
    for state in ("olds", "properties"):  # of an update, and of a read
        fields = getattr(getattr(request, state, None), "fields", {})
        if TIMEOUT in fields:
            return fields[TIMEOUT].number_value or None
    return None


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # removed meanwhile; then nothing of it can be resumed


def _bug(error: BaseException) -> str:
    log.debug("unexpected error in a hook", exc_info=error)
    return f"internal error of roma_provider: {type(error).__name__}: {error}; please report it"
