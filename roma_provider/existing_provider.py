"""The dynamic provider of an instance that somebody else makes. It has no call that deletes.

The state refers to :class:`ExistingInstanceProvider` by module path and name, so neither may ever change; nor
may it get attributes (see ``provider.py``).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from . import plugin

if TYPE_CHECKING:
    from .existing import Existing


class ExistingInstanceProvider(ResourceProvider):
    """Waits for an instance and reads it. To delete, the SDK's own class does nothing. Stateless."""

    serialize_as_secret_always = False  # as InstanceProvider

    def configure(self, req: ConfigureRequest) -> None:
        plugin.begin(req.config)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        with plugin.bridge().call(None) as call:
            return plugin.as_result(_existing().check(call, plugin.plain(_olds), plugin.plain(news)))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with plugin.bridge().call(None) as call:
            found = _existing().diff(call, plugin.plain(_olds), plugin.plain(_news))
            return DiffResult(changes=found.any, replaces=found.replaces)

    def create(self, props: dict[str, Any]) -> CreateResult:
        with plugin.bridge().call(props.get(plugin.PROVIDER)) as call:
            return CreateResult(*_existing().create(call, plugin.plain(props)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        with plugin.bridge().call(props.get(plugin.PROVIDER)) as call:
            return plugin.as_reading(_existing().read(call, id_, plugin.plain(props)))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with plugin.bridge().call(_news.get(plugin.PROVIDER)) as call:
            return UpdateResult(_existing().update(call, _id, plugin.plain(_olds)))


@functools.cache
def _existing() -> Existing:
    from .existing import Existing

    return Existing(plugin.settings(), plugin.clock(), plugin.memory())
