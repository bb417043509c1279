"""What was ordered a moment ago is not gone, wherever it is looked at: where no journal knows it, the state does."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.errors import CreationError, RomaError
from tests.support.fakes import ID, FakeClient, FakeOperation, Host, progress, refused
from tests.support.lifecycle import RUNNING, ordered

UNKNOWN = refused(404, "APIC.7302")
AGO = 119.0


def elsewhere(folder: Path, *, skew: float = 0.0, deletes: int = 0) -> Host:
    """A host whose journal is empty, and an API that knows no instance."""
    client = FakeClient(progress=[UNKNOWN], deletes=[UNKNOWN] * deletes)
    client.skew = skew
    return Host(client, folder)


@pytest.mark.parametrize("skew", [0.0, 7200.0, -7200.0])
@pytest.mark.parametrize("gone", [False, True])
def test_a_read(tmp_path: Path, skew: float, gone: bool) -> None:
    """The time is the API's, whose clock may be hours from this machine's."""
    host, op = elsewhere(tmp_path, skew=skew), FakeOperation()
    props = ordered(host.clock.epoch() + skew - (AGO + 2 if gone else AGO))
    if gone:
        assert host.owned.read(op, ID, props, owned=True) is None
        return
    with pytest.raises(CreationError, match="was ordered a moment ago, and the API does not show it yet"):
        host.owned.read(op, ID, props, owned=True)
    assert op.kept == [(ID, props)]  # for the next one too


def test_a_deletion(tmp_path: Path) -> None:
    host = elsewhere(tmp_path, deletes=1)
    with pytest.raises(RomaError, match="was ordered a moment ago"):
        host.owned.delete(FakeOperation(), ID, ordered(host.clock.epoch() - AGO))
    assert host.journal.entries() == []


def test_a_resumed_wait(tmp_path: Path) -> None:
    host = Host(FakeClient(progress=[UNKNOWN, progress("CREATING"), RUNNING]), tmp_path)
    found = host.owned.update(FakeOperation(), ID, ordered(), ordered())
    assert (found["status"], "__ordered_at" in found) == ("RUNNING", False)


def test_one_that_was_shown_since_may_be_gone(tmp_path: Path) -> None:
    host, props = Host(FakeClient(progress=[RUNNING, UNKNOWN]), tmp_path), ordered()
    assert host.owned.read(FakeOperation(), ID, props, owned=True) is not None
    assert host.owned.read(FakeOperation(), ID, props, owned=True) is None


@pytest.mark.parametrize("at", ["soon", None, True, [1]])
def test_a_state_that_says_no_time(tmp_path: Path, at: object) -> None:
    assert elsewhere(tmp_path).owned.read(FakeOperation(), ID, {**ordered(), "__ordered_at": at}, owned=True) is None
