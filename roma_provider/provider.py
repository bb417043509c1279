"""The dynamic provider: each hook handed on to ``lifecycle``, with the engine's current call.

The state refers to :class:`InstanceProvider` by module path and name, so neither may ever change; and it is
pickled into every resource, so it must never get attributes. requests and pydantic are loaded by the first
hook that needs them, in the plugin's process, not where a program imports this package.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

if TYPE_CHECKING:
    from .engine import Bridge
    from .lifecycle import Lifecycle

_PROVIDER = "__provider"
_config: Any = None  # of this process: the engine starts one for each provider resource


class InstanceProvider(ResourceProvider):
    """Owns an instance: creates, reads, updates, deletes it. Stateless."""

    # By reference there is nothing in it to hide, and a readable value makes no noise in previews.
    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        global _config
        _config = req.config
        _bridge().install()
        _log_calls()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        with _bridge().call(None) as call:
            checked = _lifecycle().check(call, _plain(_olds), _plain(news))
            failures = [CheckFailure(key, reason) for key, reason in checked.failures]
            return CheckResult(checked.inputs, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with _bridge().call(None) as call:
            found = _lifecycle().diff(call, _id, _plain(_olds), _plain(_news))
            return DiffResult(changes=found.any, replaces=found.replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        with _bridge().call(props.get(_PROVIDER)) as call:
            return CreateResult(*_lifecycle().create(call, _plain(props)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        with _bridge().call(props.get(_PROVIDER)) as call:
            found = _lifecycle().read(call, id_, _plain(props))
            if found is None:
                return ReadResult("", {})
            return ReadResult(found.instance_id, found.outputs, found.inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with _bridge().call(_news.get(_PROVIDER)) as call:
            return UpdateResult(_lifecycle().update(call, _id, _plain(_olds), _plain(_news)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with _bridge().call(None) as call:
            _lifecycle().delete(call, _id, _plain(_props))


def _plain(props: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in props.items() if key != _PROVIDER}


def _bridge() -> Bridge:
    from .engine import bridge

    return bridge


def _log_calls() -> None:
    from .call_log import install

    install(os.environ)


def _setting(key: str) -> str | None:
    """A value of the stack config. Without configure (a test of this class alone) there is none."""
    value = None if _config is None else _config.get(key)
    return None if value is None else str(value)


@functools.cache
def _lifecycle() -> Lifecycle:
    from .clock import Clock
    from .journal import Journal
    from .lifecycle import Lifecycle
    from .settings import Settings

    clock = Clock()
    return Lifecycle(Settings.of(_setting), Journal.of(os.environ, clock), clock)
