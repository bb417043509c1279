"""The dynamic providers: each hook handed on to ``lifecycle``, with the engine's current call.

Frozen. The state refers to the two classes by module path and name, so neither may ever change; and they are
pickled into every resource, so they must never get attributes. requests and pydantic are loaded by the first
hook that needs them, in the plugin's process, not where a program imports this package.
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

from .hosts.dynamic import host as plugin

if TYPE_CHECKING:
    from .lifecycle.owned import Lifecycle
    from .lifecycle.referenced import Existing


class InstanceProvider(ResourceProvider):
    """Owns an instance: creates, reads, updates, deletes it. Stateless."""

    # By reference there is nothing in it to hide, and a readable value makes no noise in previews.
    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        plugin.begin(req.config)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        with plugin.bridge().call(None) as call:
            return plugin.as_result(_lifecycle().check(call, plugin.plain(_olds), plugin.plain(news)))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with plugin.bridge().call(None) as call:
            found = _lifecycle().diff(call, _id, plugin.plain(_olds), plugin.plain(_news))
            return DiffResult(changes=found.any, replaces=found.replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        with plugin.bridge().call(props.get(plugin.PROVIDER)) as call:
            return CreateResult(*_lifecycle().create(call, plugin.plain(props)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        with plugin.bridge().call(props.get(plugin.PROVIDER)) as call:
            return plugin.as_reading(_lifecycle().read(call, id_, plugin.plain(props)))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with plugin.bridge().call(_news.get(plugin.PROVIDER)) as call:
            return UpdateResult(_lifecycle().update(call, _id, plugin.plain(_olds), plugin.plain(_news)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with plugin.bridge().call(None) as call:
            _lifecycle().delete(call, _id, plugin.plain(_props))


@functools.cache
def _lifecycle() -> Lifecycle:
    from .lifecycle.owned import Lifecycle

    return Lifecycle(plugin.session())


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
    from .lifecycle.referenced import Existing

    return Existing(plugin.session())
