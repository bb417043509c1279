"""From what the API says about an instance to the outputs of the resource, and back to its inputs.

Which output is read from which field: ``catalogue`` and ``fields``. What changes by itself at every call
(currentTime, taken_time) is no output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..creation.verdict import job_and_code
from .catalogue import INSTANCE
from .fields import Output, Part, outputs_of
from .spellings import rfc3339

if TYPE_CHECKING:
    from ..api.models import CreationProgress, InstanceDetail

# Keys of the state alone, which the engine shows nowhere. An instance of somebody else that has been ready once, after
# which any status is an output:
WAS_READY = "__was_ready"
# The host name of the API that made or showed an instance; no other API can say that it is gone:
HOST = "__host"
# When an instance was ordered that the API has not shown yet, in epoch seconds by the API's clock. The journal says so
# too, but it is of one machine, and a state goes from one to another.
ORDERED_AT = "__ordered_at"
# When a create gave this instance to the state, in epoch seconds, where the host's programs may have an instance made
# before the one that it replaces is deleted: of two entries of one instance it tells the older one.
GIVEN_AT = "__given_at"


def outputs(instance_id: str, inputs: Mapping[str, Any], progress: CreationProgress | None) -> dict[str, Any]:
    """The outputs of an instance: live values where the API shows them, else what was declared.

    ``progress`` is None right after POST, before the first answer about the instance.
    """
    found = {key: value for key, value in inputs.items() if key in INSTANCE}
    found["instance_id"] = instance_id
    if progress is None:
        return {**found, "status": "CREATING"}
    if progress.instance is not None:
        found |= live_arguments(progress.instance) | _copied(progress.instance, outputs_of(Part.INSTANCE))
        told = zip(("job_id", "error_code"), job_and_code(progress.instance.error_code), strict=True)
        found |= {key: value for key, value in told if value is not None}
    found |= _copied(progress, outputs_of(Part.CREATION))
    found["status"] = progress.decisive_status
    found["services"] = [_copied(service, outputs_of(Part.SERVICE)) for service in progress.services]
    return found


def live_arguments(live: InstanceDetail) -> dict[str, Any]:
    """The live values of the arguments, as far as the API shows them."""
    shown = {key: row.live(live) for key, row in INSTANCE.items() if row.live is not None}
    return {key: value for key, value in shown.items() if value is not None}


def live_inputs(inputs: Mapping[str, Any], progress: CreationProgress) -> dict[str, Any]:
    """The inputs of the state with live values, so that a change made elsewhere shows as drift.

    Only what the program set is in them: an argument that was left out has nothing to drift from.
    """
    if progress.instance is None:
        return dict(inputs)
    live = live_arguments(progress.instance)
    return {
        key: live[key] if key in live and not same(key, value, live[key]) else value for key, value in inputs.items()
    }


def same(key: str, one: Any, other: Any) -> bool:
    """Whether two values of an argument mean the same; what the API does not show means nothing, however spelled."""
    if one is None or other is None:
        return not (other if one is None else one)
    return INSTANCE[key].same(one, other) if key in INSTANCE else bool(one == other)


def _copied(source: Any, rows: Iterable[Output]) -> dict[str, Any]:
    """The fields of a part of the answer that are outputs as they are; each time as a number and as text."""
    found: dict[str, Any] = {}
    for row in rows:
        if row.made or (value := getattr(source, row.name)) is None:
            continue
        found[row.name] = value
        if row.time and (text := rfc3339(value)) is not None:
            found[row.text] = text
    return found
