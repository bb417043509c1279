"""What the link adds to the host's answer to a diff: which properties differ, and how."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from roma_provider.hosts.link import Link
from roma_provider.schema.details import Detail, Edit

LINES = {
    "name": Detail(Edit.UPDATE),
    "mqs.ssl_enable": Detail(Edit.ADD, of_inputs=False),
    "edition": Detail(Edit.DELETE, replaces=True),
    "available_zones[0]": Detail(Edit.UPDATE, replaces=True),
}


class Diffing(provider_pb2_grpc.ResourceProviderServicer):
    """A host whose hooks say what differs, or nothing."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def Diff(self, request: Any, _context: Any) -> Any:  # noqa: N802
        if request.id != "none":
            self._link.differ([request.id], LINES)
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_SOME, replaces=["vpc_id"])


def test_the_answer_to_a_diff_says_what_differs() -> None:
    link = Link()
    made = grpc.server(ThreadPoolExecutor(max_workers=1))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Diffing(link), made)
    address = f"127.0.0.1:{made.add_insecure_port('127.0.0.1:0')}"
    made.start()
    try:
        link.take_over(made)
        with grpc.insecure_channel(address) as channel:
            host = provider_pb2_grpc.ResourceProviderStub(channel)
            answers = [host.Diff(provider_pb2.DiffRequest(id=id_), timeout=10) for id_ in ("name", "none")]
    finally:
        made.stop(None).wait()
    assert [list(answer.diffs) for answer in answers] == [["name"], []]
    assert [list(answer.replaces) for answer in answers] == [["vpc_id"], ["vpc_id"]]
    assert [answer.hasDetailedDiff for answer in answers] == [True, False]
    shown = {path: (line.kind, line.inputDiff) for path, line in answers[0].detailedDiff.items()}
    kinds = provider_pb2.PropertyDiff
    assert shown == {
        "name": (kinds.UPDATE, True),
        "mqs.ssl_enable": (kinds.ADD, False),
        "edition": (kinds.DELETE_REPLACE, True),
        "available_zones[0]": (kinds.UPDATE_REPLACE, True),
    }
