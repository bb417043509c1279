"""What the provider classes of one plugin process share: the stack's config, the bridge, the settings."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CheckFailure, CheckResult, ReadResult

if TYPE_CHECKING:
    from ...clock import Clock
    from ...config.settings import Settings
    from ...lifecycle.access import Reading
    from ...lifecycle.memory import Memory
    from ...schema.checked import Checked
    from .link import Bridge

PROVIDER = "__provider"
_config: Any = None  # of this process: the engine starts one for each provider resource


def begin(config: Any) -> None:
    """Called by every provider class's ``configure``, with one and the same config."""
    global _config
    _config = config
    bridge().install()
    from ...api.call_log import install

    install(os.environ)


def plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without the host's own."""
    return {key: value for key, value in props.items() if key != PROVIDER}


def as_result(checked: Checked) -> CheckResult:
    """What check found, in the host's terms."""
    return CheckResult(checked.inputs, [CheckFailure(key, reason) for key, reason in checked.failures])


def as_reading(found: Reading | None) -> ReadResult:
    """What a read found, in the host's terms: an instance that is gone is one without an id."""
    return ReadResult("", {}) if found is None else ReadResult(found.instance_id, found.outputs, found.inputs)


def bridge() -> Bridge:
    from .link import bridge

    return bridge


def clock() -> Clock:
    from ...clock import Clock

    return Clock()


def settings() -> Settings:
    from ...config.settings import Settings

    return Settings.of(_setting)


@functools.cache
def memory() -> Memory:
    """One for all provider classes: what one refers to, the other must not delete."""
    from ...lifecycle.memory import Memory

    return Memory()


def _setting(key: str) -> str | None:
    """A value of the stack config. Without configure (a test of a class alone) there is none."""
    value = None if _config is None else _config.get(key)
    return None if value is None else str(value)
