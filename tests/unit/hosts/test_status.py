"""The status of a failed call: never more than can be sent, and what matters most is in it."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2, status_pb2

from roma_provider.api.models import CreationProgress
from roma_provider.creation.words import failure
from roma_provider.errors import RomaError
from roma_provider.hosts import status
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import Link
from roma_provider.hosts.status import Partial
from roma_provider.schema.outputs import outputs
from tests.support.dynamic_host import FakeContext
from tests.support.fakes import ID, FakeClock, body, inputs

LONG = "长" * 300_000


def unpacked(sent: bytes) -> tuple[str, dict[str, Any], list[str]]:
    found = status_pb2.Status()
    found.ParseFromString(sent)
    detail = provider_pb2.ErrorResourceInitFailed()
    assert found.details[0].Unpack(detail)
    return detail.id, json_format.MessageToDict(detail.properties), list(detail.reasons)


def hostile(**changes: Any) -> CreationProgress:
    answer = body("CREATE_FAILED", **changes)
    answer["item"] = [
        {"name": LONG, "error_msg": LONG, "error_code": LONG, "status": LONG, "progress": 5} for _ in range(5000)
    ]
    return CreationProgress.model_validate(answer)


def test_a_failure_with_3_mb_of_words() -> None:
    progress = hostile(errorMessage=LONG, errorCode="X", description=LONG, resourceList=LONG, tagEntries=[LONG] * 5)
    said = status.reasons(failure(ID, progress).reasons)
    kept = {**outputs(ID, inputs(), progress), "__provider": "p"}
    sent, is_kept = status.status(said, Partial(ID, kept))
    assert is_kept
    assert 30_000 < len(sent) <= 64_000
    instance_id, properties, reasons = unpacked(sent)
    assert instance_id == ID
    assert reasons == said
    assert said[0].startswith(f"instance {ID} could not be created (CREATE_FAILED): X 长长")
    assert said[-1].endswith(" more")
    # The arguments, what tells how far it was, and as many sub-services as have room, the first ones.
    assert inputs().keys() | {"instance_id", "status", "__provider", "error_code"} <= properties.keys()
    assert properties["status"] == "CREATE_FAILED"
    assert properties["vpc_id"] == inputs()["vpc_id"]
    assert properties["services"] == kept["services"][: len(properties["services"])]
    assert properties["services"]


@pytest.mark.parametrize(
    "field", ["availableZones", "tenantVpcId", "productId", "name", "resourceList", "connectAddress"]
)
def test_any_field_may_be_long(field: str) -> None:
    for value in (LONG, [LONG], {LONG: LONG}):
        progress = hostile(**{field: value})
        sent, is_kept = status.status(["no"], Partial(ID, outputs(ID, inputs(), progress)))
        assert is_kept
        assert len(sent) <= 64_000


def test_all_fields_may_be_long() -> None:
    answer = {
        "instance": dict.fromkeys(body()["instance"], LONG),
        "item": [dict.fromkeys(body()["item"][0], LONG)] * 300,
    }
    progress = CreationProgress.model_validate(answer)
    sent, is_kept = status.status(["no"], Partial(ID, outputs(ID, inputs(), progress)))
    assert is_kept
    assert len(sent) <= 64_000


def test_what_has_room_is_whole() -> None:
    kept = outputs(ID, inputs(), CreationProgress.model_validate(body()))
    sent, is_kept = status.status(["no"], Partial(ID, kept))
    assert is_kept
    properties = unpacked(sent)[1]
    assert properties["services"] == kept["services"]
    assert properties.keys() == {key for key, value in kept.items() if value is not None}


def test_what_cannot_be_sent_counts_as_untold() -> None:
    """Then the journal goes on holding the instance."""
    told: list[bool] = []
    context = FakeContext()
    call = Call(None, context, Link(FakeClock()), {"__provider": "p"})
    call.on_answer(told.append)
    call.keep(ID, inputs(description="x" * 70_000))
    with pytest.raises(Exception, match="no room"), call.answering():
        raise RomaError("no room")
    assert told == []
    assert context.status.message == "no room"
    assert not context.status.details


def test_reasons_are_one_line_each_and_not_too_many() -> None:
    assert status.reasons(["a\nb", "::error::c"]) == ["a b", ": :error::c"]
    many = status.reasons(["x" * 1000] * 200)
    assert many[-1] == "… and 193 more"
    assert len("\n".join(many).encode()) < 8_100
