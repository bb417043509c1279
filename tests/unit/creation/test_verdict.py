"""What the word of a status says."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.creation.verdict import Verdict, verdict


def top(status: str | None, **more: Any) -> CreationProgress:
    """An answer without ``instance``."""
    return CreationProgress.model_validate({"status": status, **more})


CLASSES = {
    Verdict.READY: "RUNNING SUCCESS running",
    Verdict.PENDING: "CREATING creating",
    Verdict.FAILED: "CREATE_FAILED FAILED",
    Verdict.ENDED: "ERROR FREEZING FROZEN FREEZE_FAILED DELETING DELETE_FAILED DELETE_FALIED frozen",
    Verdict.GONE: "DELETED SOFT_DELETED",
    Verdict.UNKNOWN: "STARTING AVAILABLE RUNNIN RUNNING2",
}


@pytest.mark.parametrize(
    ("word", "status"), [(word, status) for word, text in CLASSES.items() for status in text.split()]
)
def test_the_verdict_of_every_status(word: Verdict, status: str) -> None:
    assert verdict(status) is word
    assert verdict(f" {status.lower()}\n") is word


def test_no_status_is_unknown() -> None:
    assert verdict("") is Verdict.UNKNOWN
