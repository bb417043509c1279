"""How a call reaches its instance: where that lives, as whom, and the one wait for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ..clock import Clock
from ..config.settings import ENDPOINT, REGION, Settings, live_wish
from ..creation.line import Course
from ..creation.schedule import every
from ..creation.wait import DEFAULT_SECONDS, Report, Verdict, Wait, verdict
from ..errors import CreationError, InputError, RomaApiError, RomaConnectionError
from ..schema.checked import Checked
from ..schema.kinds import is_rcu
from ..schema.outputs import outputs
from .operation import Operation

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import CreationProgress
    from .memory import Memory

Check: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], Settings, Callable[[Any], bool]], Checked]
"""The check of a resource's arguments, from ``arguments``: of the state's inputs, the program's, the settings, and
what tells an unknown value."""


@dataclass(frozen=True)
class Reading:
    """What a read found. ``inputs`` is None where the host does not know those of the state."""

    instance_id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None


@dataclass
class Reach:
    """The way to instances under one set of settings."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)

    def check(
        self, op: Operation, check: Check, memory: Memory, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> Checked:
        """Check arguments, and the settings; ``olds`` are the inputs of the state, {} for a new resource."""
        # The second check of a replacement has no olds; the new one belongs where the old one was.
        place = olds or memory.place(op.urn)
        checked = check(place, news, self.settings, op.is_unknown)
        if place is not olds:
            checked.warnings.clear()  # the first check has said them
        self.check_settings(checked)
        return checked

    def check_settings(self, checked: Checked) -> None:
        """Add to ``checked`` what is wrong with the settings that every call needs."""
        region = checked.inputs.get("region")
        if not isinstance(region, str) or "region" in dict(checked.failures):
            region = REGION.example  # has a problem of its own; the endpoint's, if any, is said all the same
        settings = self.settings
        for read in (
            lambda: settings.endpoint(region),
            settings.poll_seconds,
            settings.limits,
            lambda: live_wish(settings.environment),
            lambda: settings.credentials(region),
        ):
            try:
                read()
            except InputError as error:
                # A setting that several others rest on is told once.
                if (error.key, error.reason) not in checked.failures:
                    checked.failures.append((error.key, error.reason))

    def place(self, props: Mapping[str, Any]) -> dict[str, str]:
        """Where an instance lives: by its state; by today's settings only where the state does not say."""
        region = props.get("region") or self.settings.get(REGION)
        if not region:
            raise InputError(REGION.config, REGION.missing("region"))
        with self.explained():
            project_id = props.get("project_id") or self.settings.project_id(str(region))
        return {"region": str(region), "project_id": str(project_id)}

    def client(self, op: Operation, props: Mapping[str, Any]) -> RomaClient:
        """The client for an instance of these properties, whose region and project id are resolved."""
        client = self.settings.client(str(props["region"]), str(props["project_id"])).stopped_by(op.stop)
        return client.for_rcu() if is_rcu(props) else client

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Add to an answer that refuses the sign-in or the path which setting it is about."""
        try:
            yield
        except RomaApiError as error:
            if error.refuses_sign_in:
                error.hints += self.settings.sign_in_hints(error, self.clock.epoch())
            elif error.wrong_endpoint:
                error.hints.append(
                    f"this address is not ROMA Connect's: check the region, and {ENDPOINT.config} or "
                    f"{ENDPOINT.variable} if one is set"
                )
            raise

    def wait(
        self,
        op: Operation,
        client: RomaClient,
        instance_id: str,
        inputs: Mapping[str, Any],
        since: float,
        *,
        gone: Callable[[], bool],
        early: bool = False,
        own: bool = True,
        shown: Callable[[], None] = lambda: None,
    ) -> CreationProgress:
        """The instance when it is ready. What is known of it is kept all the way.

        ``since`` is when the call began, on the monotonic clock; ``gone`` and ``early`` are those of
        :class:`~roma_provider.creation.wait.Wait`; ``shown`` is told each time that the API shows the instance. How
        long the creation of one that is not our ``own`` took is said only if it was seen to end.
        """

        course = Course(since)
        troubled = False

        def report(report: Report) -> None:
            nonlocal troubled
            now = self.clock.monotonic()
            if report.progress is not None:
                if report.trouble is None:
                    course.see(report.progress, now)
                shown()
                op.keep(instance_id, outputs(instance_id, inputs, report.progress))
            if report.warning:
                op.warn(report.warning)
            if not course.is_ready:  # the last line is a note
                op.say(course.text(now, report.brief), course.news(report.brief))
                troubled = bool(report.brief)

        wait = Wait(
            instance_id,
            lambda seconds: client.creation_progress(instance_id, timeout=seconds, once=True),
            op.stop,
            self.clock,
            seconds=op.timeout or DEFAULT_SECONDS,
            since=since,
            schedule=every(self.settings.poll_seconds()),
            report=report,
            early=early,
            gone=gone,
        )
        try:
            progress = wait.until_ready()
        except CreationError as error:
            if error.progress is not None:
                op.keep(instance_id, outputs(instance_id, inputs, error.progress))
            raise
        except (RomaApiError, RomaConnectionError) as error:
            error.hints.append("the creation goes on at Huawei Cloud: run `pulumi up` again to resume the wait")
            raise
        end = course.end(self.clock.monotonic()) if (course.is_recent if own else course.was_unready) else None
        if end:
            op.note(end)
        elif troubled:
            op.say("ready")  # or the trouble would stay on the row
        return progress


def settled(props: Mapping[str, Any], progress: CreationProgress) -> Verdict:
    """The verdict of an answer, for an instance whose state holds ``props``.

    An unknown status goes on as a wait only where the instance has never been ready.
    """
    word = verdict(progress.decisive_status)
    before = verdict(str(props.get("status") or ""))
    if word is Verdict.UNKNOWN and "end_time" not in props and before in (Verdict.PENDING, Verdict.UNKNOWN):
        return Verdict.PENDING
    return word


def warn_of_status(op: Operation, instance_id: str, progress: CreationProgress) -> None:
    """After a creation any status is an output, and but for the good one worth a warning."""
    if verdict(progress.decisive_status) not in (Verdict.READY, Verdict.PENDING):
        op.warn(f"instance {instance_id} has the status {progress.decisive_status or '(none)'}")
