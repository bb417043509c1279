"""How a call reaches its instance: where that lives and as whom, and whether it is there at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..api.endpoint import is_loopback
from ..config.keys import ENDPOINT, REGION
from ..creation.verdict import Verdict, verdict
from ..errors import InputError, RomaApiError
from ..schema.kinds import is_rcu
from ..schema.outputs import GIVEN_AT, HOST, ORDERED_AT, outputs
from .custody import FRESH_SECONDS
from .journal import Entry, Stage

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import CreationProgress
    from ..clock import Stop
    from .operation import Operation
    from .session import Session


# How far apart the two looks are that say "gone".
APART_SECONDS = 5.0


@dataclass(frozen=True)
class Target:
    """Where an instance lives and how it is reached. ``instance_id`` is "" until one is ordered; ``ordered_at`` is what
    the state says of one that the API had not shown yet (``ORDERED_AT``), ``given_at`` which create gave it to the
    state (``GIVEN_AT``)."""

    region: str
    project_id: str
    client: RomaClient
    instance_id: str = ""
    ordered_at: float | None = None
    given_at: float | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Host, region and project id: what its lists are of."""
        return (self.host, self.region, self.project_id)

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return self.client.host

    @property
    def place(self) -> dict[str, str]:
        """As it stands among the outputs."""
        return {"region": self.region, "project_id": self.project_id}

    @property
    def where(self) -> str:
        """As errors say it."""
        return f"project {self.project_id} of {self.region}"

    def of(self, instance_id: str) -> Target:
        """The same way to this instance."""
        return replace(self, instance_id=instance_id)

    def outputs(self, props: Mapping[str, Any], progress: CreationProgress | None) -> dict[str, Any]:
        """The outputs of the instance, with where it lives and which API has shown it."""
        found = outputs(self.instance_id, {**props, **self.place}, progress)
        return {**found, HOST: self.host, **({} if self.given_at is None else {GIVEN_AT: self.given_at})}


def target(session: Session, props: Mapping[str, Any], op: Operation, instance_id: str = "") -> Target:
    """The way to an instance of these properties: by its state; by today's settings only where the state does not
    say. The operation's stop and its time end the pauses between the attempts of a call, and between pages.

    InputError where the settings lead to another API than the one that made the instance: to that API it does not
    exist, which is no reason to drop it.
    """
    region = props.get("region") or session.settings.get(REGION)
    if not region:
        raise InputError(REGION.name, REGION.missing("region"))
    with explained(session):
        project_id = props.get("project_id") or session.project_id(str(region))
    client = session.client(str(region), str(project_id)).stopped_by(op.stop, op.timeout)
    found = Target(
        str(region),
        str(project_id),
        client.for_rcu() if is_rcu(props) else client,
        instance_id,
        _moment(props, ORDERED_AT),
        _moment(props, GIVEN_AT),
    )
    _refuse_another_host(session, props, found)
    return found


def _moment(props: Mapping[str, Any], key: str) -> float | None:
    at = props.get(key)
    return float(at) if isinstance(at, int | float) else None


def entry_of(session: Session, op: Operation, found: Target, name: str, stage: Stage) -> Entry:
    """What the journal is to keep of an instance, or of an order whose id is not known yet."""
    return Entry(
        urn=op.urn or "",
        region=found.region,
        project_id=found.project_id,
        name=name,
        folder=op.folder,
        arguments="",
        posted_at=session.clock.epoch(),
        host=found.host,
        backend=session.backend,
        instance_id=found.instance_id or None,
        stage=stage,
    )


def _refuse_another_host(session: Session, props: Mapping[str, Any], found: Target) -> None:
    made_by = props.get(HOST)
    if not found.instance_id or not isinstance(made_by, str) or _same_host(made_by, found.host):
        return
    if session.settings.from_config(ENDPOINT) is not None:
        return  # the stack says where its instances are
    raise InputError(
        session.settings.source(ENDPOINT),
        f"instance {found.instance_id} was made by the API at {made_by}, and this run would ask the one at "
        f"{found.host}, which does not know it. Nothing was changed. Set {ENDPOINT.variable} (or unset it) so that it "
        f"leads to {made_by}. If the instance is reached at {found.host} from now on, run "
        f"`pulumi config set {ENDPOINT.name} URL` with the address of {found.host}",
    )


def _same_host(one: str, other: str) -> bool:
    return one == other or (is_loopback(one) and is_loopback(other))


@contextlib.contextmanager
def explained(session: Session) -> Iterator[None]:
    """Add to an answer that refuses the sign-in or the path which setting it is about."""
    try:
        yield
    except RomaApiError as error:
        if error.refuses_sign_in:
            error.hints += session.sign_in.hints(error)
        elif error.wrong_endpoint:
            error.hints.append(
                f"this address is not ROMA Connect's: check the region, and {ENDPOINT.name} or "
                f"{ENDPOINT.variable} if one is set"
            )
        raise


def is_fresh(session: Session, found: Target) -> bool:
    """Whether an instance was ordered so lately that a 404 does not mean that it is gone: by the journal, or by the
    state, which another machine may have written."""
    custody, at = session.custody, found.ordered_at
    if custody.is_fresh(found.instance_id):
        return True
    if at is None or custody.was_shown(found.instance_id):
        return False
    return abs(session.clock.epoch() + found.client.skew - at) < FRESH_SECONDS


def is_absent(found: Target, *, once: bool = False) -> bool:
    """The second witness of "gone": lists of the project that succeed and do not hold the id."""
    entry = found.client.find(found.instance_id, once=once)
    return entry is None or verdict(entry.status or "") is Verdict.GONE


def is_gone(session: Session, found: Target, stop: Stop, *, once: bool = False) -> bool:
    """Whether an instance that /process does not know, or calls deleted, is gone.

    "Gone" needs its witnesses twice, some seconds apart: lists that succeed and lack the id, then /process and the
    lists again. A moment in which a gateway or a replica knows nothing must not drop an instance. One that was
    ordered a moment ago is not gone, and nothing is where the pause is stopped.
    """
    if is_fresh(session, found) or not is_absent(found, once=once):
        return False
    # Nobody asks a real API more often than once a second, and an emulator need not be waited for.
    poll = session.settings.poll_seconds()
    if session.clock.sleep(APART_SECONDS if poll >= 1 else poll, stop):
        return False
    return shown(found, once=once) is None and is_absent(found, once=once)


def shown(found: Target, *, once: bool = False) -> CreationProgress | None:
    """The first witness: what /process shows of the instance; None if it says that there is none."""
    try:
        progress = found.client.creation_progress(found.instance_id, once=once)
    except RomaApiError as error:
        if not error.not_found:
            raise
        return None
    return None if verdict(progress.decisive_status) is Verdict.GONE else progress


def still_there(session: Session, found: Target, stop: Stop) -> bool:
    """Whether an instance exists."""
    return is_fresh(session, found) or shown(found) is not None or not is_gone(session, found, stop)
