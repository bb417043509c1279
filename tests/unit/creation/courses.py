"""Answers about a creation at a moment, and a course that has seen some."""

from __future__ import annotations

from typing import Any

from roma_provider.api.models import CreationProgress
from roma_provider.creation.line import Course

START = 1741262473785


def answer(percent: Any = 42, seconds: float = 460, *items: dict[str, Any], **more: Any) -> CreationProgress:
    """The API's answer so many seconds after the start."""
    now = START + round(seconds * 1000)
    status = {"instance": {"status": "CREATING"}, "progress": percent, "start_time": START, "currentTime": now}
    return CreationProgress.model_validate({**status, "item": list(items), **more})


def waiting(name: str) -> dict[str, Any]:
    return {"name": name, "status": "creating", "start_time": 0, "end_time": 0, "progress": 0}


def going(name: str, percent: Any = 30, since: float = 0) -> dict[str, Any]:
    return {**waiting(name), "start_time": START + round(since * 1000), "progress": percent}


def done(name: str, since: float = 0, until: float = 60) -> dict[str, Any]:
    return {**going(name, 100, since), "end_time": START + round(until * 1000), "status": "running"}


def failed(name: str) -> dict[str, Any]:
    return {**going(name), "status": "create_failed"}


def seen(*answers: tuple[float, CreationProgress], since: float = 0.0) -> Course:
    """A course that was told answers, each at its moment."""
    course = Course(since)
    for now, progress in answers:
        course.see(progress, now)
    return course


def ready(seconds: float, *items: dict[str, Any], ended: float | None = None) -> CreationProgress:
    end = START + round(ended * 1000) if ended is not None else 0
    return answer(100, seconds, *items, end_time=end, instance={"status": "RUNNING"})
