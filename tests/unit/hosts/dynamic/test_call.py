"""What a call of the SDK's host adds: its own property goes out of what the lifecycle sees, and into what is kept."""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2

from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import Link
from roma_provider.hosts.status import Partial


def test_the_host_s_own_property_is_none_of_the_lifecycle_s() -> None:
    request = provider_pb2.UpdateRequest()
    request.old_inputs.update({"name": "a", "__provider": "p"})
    call = Call(request, None, Link(), {"__provider": "p"})
    assert call.old_inputs == {"name": "a"}
    assert call.partial("i-1", {"name": "a"}) == Partial("i-1", {"name": "a", "__provider": "p"})


def test_without_it_nothing_can_be_kept() -> None:
    assert Call(None, None, Link()).partial("i-1", {}) is None
