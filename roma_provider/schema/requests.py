"""From checked arguments to the body of POST, in the endpoint's own names and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .catalogue import INSTANCE
from .kinds import EDITION, RCU, Kind, is_rcu

if TYPE_CHECKING:
    from ..api.models import CreateInstanceRequest, CreateRcuInstanceRequest


def request_of(inputs: Mapping[str, Any]) -> CreateInstanceRequest | CreateRcuInstanceRequest:
    """The body for an instance of either kind."""
    from ..api.models import CreateInstanceRequest, CreateRcuInstanceRequest

    if is_rcu(inputs):
        return CreateRcuInstanceRequest.model_validate(_body(inputs, RCU))
    return CreateInstanceRequest.model_validate(_body(inputs, EDITION))


def _body(inputs: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    body = {}
    for key, row in INSTANCE.items():
        value = inputs.get(key)
        if value is not None and (sent := row.sent_to(kind)) is not None:
            body[sent.name] = sent.convert(value)
    return {name: value for name, value in body.items() if value is not None}
