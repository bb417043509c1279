"""Which errors of a creation have a way on, and in whose words."""

from __future__ import annotations

import pytest

from roma_provider.errors import CreationCancelled, CreationEnded, CreationError, CreationFailed, InstanceGone
from roma_provider.lifecycle.remedies import ADOPTED, OWNED, REFERENCED, Remedies
from tests.support.fakes import ID, URN

FAILED = CreationFailed(ID, ["why"], None, code=None, message=None)
ENDED = CreationEnded(ID, ["why"], None, status="ERROR")
GONE = InstanceGone(ID, ["why"])
CANCELLED = CreationCancelled(ID, ["why"])


@pytest.mark.parametrize(
    ("remedies", "explained"),
    [(OWNED, (FAILED,)), (ADOPTED, (FAILED,)), (REFERENCED, (FAILED, ENDED, GONE))],
    ids=["owned", "adopted", "referenced"],
)
def test_which_errors_have_a_way_on(remedies: Remedies, explained: tuple[CreationError, ...]) -> None:
    for error in (FAILED, ENDED, GONE, CANCELLED):
        error.hints.clear()
        remedies.explain(error, URN)
        assert error.reasons == (["why", remedies.way_on(URN)] if error in explained else ["why"])
        error.hints.clear()


def test_the_way_on_names_the_resource() -> None:
    assert f"pulumi state unprotect '{URN}'" in OWNED.way_on(URN)
    assert "pulumi state unprotect 'URN'" in OWNED.way_on(None)
    assert "whoever made it has to make another" in REFERENCED.way_on(URN)
