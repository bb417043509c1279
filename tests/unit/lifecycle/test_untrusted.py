"""A certificate that is not accepted ends every loop at once: nobody knows who answers, and no waiting helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.errors import CreationUnclear, RomaConnectionError
from tests.support.fakes import lost
from tests.support.lifecycle import RUNNING, LaterCase, calls
from tests.support.orders import Case

UNTRUSTED = RomaConnectionError("list_instances", "no", sent=False, lasting=True, untrusted=True)


def test_a_deletion(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[UNTRUSTED])
    with pytest.raises(RomaConnectionError) as caught:
        case.delete()
    assert caught.value is UNTRUSTED
    assert (case.client.counts, case.host.clock.slept) == (calls(reads=1, lists=1, deletes=1), [])


def test_the_look_after_an_unclear_post(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[], UNTRUSTED], creates=[lost()])
    error = case.fails(CreationUnclear)
    assert "and list_instances got no answer: no" in str(error)
    assert (case.posts, case.host.clock.slept) == (1, [])
    assert case.open == [("roma-2222", None)]
