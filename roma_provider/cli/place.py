"""Where a command looks: the region and the project that its options name, else those of the settings."""

from __future__ import annotations

from ..config.keys import REGION
from ..errors import InputError
from ..lifecycle.access import Target
from ..lifecycle.session import Session
from ..schema import rules
from ..schema.rules import require


def reach(session: Session, region: str | None, project_id: str | None) -> Target:
    """The way to a project's instances. InputError for a region that is missing, or a setting's that cannot be one; the
    options were held to the rules when they were read."""
    settings = session.settings
    place = named_region(session, region)
    if not region:
        require(place, rules.region_id, settings.source(REGION))
    project = project_id or session.project_id(place)
    return Target(place, project, session.client(place, project))


def named_region(session: Session, region: str | None) -> str:
    """The region of an option, or else of the settings; InputError, by the option's name, where there is none."""
    place = region or session.settings.get(REGION)
    if not place:
        say = f"no region is given; write --region {REGION.example}, or set {REGION.variable}"
        raise InputError("--region", say)
    return place
