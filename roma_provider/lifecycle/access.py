"""How a call reaches its instance: where that lives and as whom, and whether it is there at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..config.keys import ENDPOINT, REGION
from ..creation.verdict import Verdict, verdict
from ..errors import InputError, RomaApiError
from ..schema.kinds import is_rcu

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import CreationProgress
    from ..clock import Stop
    from .session import Session


@dataclass(frozen=True)
class Target:
    """Where an instance lives and how it is reached. ``instance_id`` is "" until one is ordered."""

    region: str
    project_id: str
    client: RomaClient
    instance_id: str = ""

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


def target(session: Session, props: Mapping[str, Any], stop: Stop, instance_id: str = "") -> Target:
    """The way to an instance of these properties: by its state; by today's settings only where the state does not
    say. ``stop`` ends the pauses between the attempts of a call."""
    region = props.get("region") or session.settings.get(REGION)
    if not region:
        raise InputError(REGION.name, REGION.missing("region"))
    with explained(session):
        project_id = props.get("project_id") or session.project_id(str(region))
    client = session.client(str(region), str(project_id)).stopped_by(stop)
    return Target(str(region), str(project_id), client.for_rcu() if is_rcu(props) else client, instance_id)


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


def is_absent(found: Target, *, once: bool = False) -> bool:
    """The second witness of "gone": lists of the project that succeed and do not hold the id."""
    return all(
        entry.id != found.instance_id or verdict(entry.status or "") is Verdict.GONE
        for entry in found.client.all_instances(once=once)
    )


def is_gone(session: Session, found: Target, *, once: bool = False) -> bool:
    """Whether an instance that /process does not know is gone. One that was ordered from here a moment ago is not."""
    return not session.custody.is_fresh(found.instance_id) and is_absent(found, once=once)


def still_there(session: Session, found: Target) -> bool:
    """Whether an instance exists, by /process and, where that does not know it, by the lists."""
    if session.custody.is_fresh(found.instance_id):
        return True
    try:
        progress: CreationProgress = found.client.creation_progress(found.instance_id)
    except RomaApiError as error:
        if not error.not_found:
            raise
        return any(entry.id == found.instance_id for entry in found.client.all_instances())
    return verdict(progress.decisive_status) is not Verdict.GONE
