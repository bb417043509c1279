"""The hooks of a provider class, as the SDK's host of dynamic providers calls them, over the lifecycle.

Light, since a program imports it with the classes: the link to the engine and the lifecycle are loaded by the first
hook, in the plugin's process. It relies on that host (``pulumi.dynamic.__main__``) for two things:

- It makes one provider object of each distinct ``__provider``, and configures it before its first hook. Else (a test
  of a class alone) the settings are those of the environment.
- Configs of one content have equal attributes (pulumi.dynamic.Config). Where a config has none, all provider objects
  of the process have one session, as the engine starts a process for each provider resource, which has one config.
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

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
    from ...clock import Clock
    from ...lifecycle.access import Reading
    from ...lifecycle.operation import Operation
    from ...lifecycle.owned import Lifecycle
    from ...lifecycle.referenced import Existing
    from ...schema.place import Checked
    from .call import Call
    from .link import Link

PROVIDER = "__provider"


class _Provider(ResourceProvider):
    """The hooks that both kinds of resource have alike, by the names and parameters that the SDK gives them.

    Objects have no attributes: they are pickled into every resource.
    """

    # By reference there is nothing in it to hide, and a readable value makes no noise in previews.
    serialize_as_secret_always = False

    @staticmethod
    def _life(served: Served) -> _Life:
        raise NotImplementedError

    def configure(self, req: ConfigureRequest) -> None:
        from ...api import call_log
        from . import frames

        link().connect(frames.engine_address())
        link().take_over(frames.server())
        call_log.install(os.environ)
        sessions.configure(self, req.config)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        with _hook(self, news) as (call, served):
            checked = self._life(served).check(call, _plain(_olds), _plain(news))
            return CheckResult(checked.inputs, [CheckFailure(key, reason) for key, reason in checked.failures])

    def create(self, props: dict[str, Any]) -> CreateResult:
        with _hook(self, props) as (call, served):
            return CreateResult(*self._life(served).create(call, _plain(props)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        with _hook(self, props) as (call, served):
            found = self._life(served).read(call, id_, _plain(props))
            # An instance that is gone is one without an id.
            return ReadResult("", {}) if found is None else ReadResult(found.instance_id, found.outputs, found.inputs)


class OwningProvider(_Provider):
    """The hooks of a resource that makes its instance, and deletes it."""

    @staticmethod
    def _life(served: Served) -> Lifecycle:
        return served.owned

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with _hook(self, _news) as (call, served):
            found = served.owned.diff(call, _id, _plain(_olds), _plain(_news))
            return DiffResult(changes=found.any, replaces=found.replaces, delete_before_replace=True)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with _hook(self, _news) as (call, served):
            return UpdateResult(served.owned.update(call, _id, _plain(_olds), _plain(_news)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with _hook(self, _props) as (call, served):
            served.owned.delete(call, _id, _plain(_props))


class ReferringProvider(_Provider):
    """The hooks of a resource that waits for somebody else's instance. To delete, the SDK's own class does nothing."""

    @staticmethod
    def _life(served: Served) -> Existing:
        return served.referenced

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with _hook(self, _news) as (call, served):
            found = served.referenced.diff(call, _plain(_olds), _plain(_news))
            return DiffResult(changes=found.any, replaces=found.replaces)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with _hook(self, _news) as (call, served):
            return UpdateResult(served.referenced.update(call, _id, _plain(_olds)))


def current_call(link: Link, props: Mapping[str, Any]) -> Call:
    """The engine's call of the hook that runs on this thread and was given ``props``."""
    from . import frames
    from .call import Call

    request, context = frames.current_call()
    if context is None:
        link.degraded(
            "the engine's request is not where it is expected",
            "errors are shown with a traceback, and custom_timeouts are not seen",
        )
    provider = props.get(PROVIDER)
    return Call(request, context, link, None if provider is None else {PROVIDER: provider})


@functools.cache
def link() -> Link:
    """The one connection of this process to the engine."""
    from .link import Link

    return Link()


@dataclass(frozen=True)
class Served:
    """Both lives under one config. Their memory is one: what one of them refers to, the other must not delete."""

    owned: Lifecycle
    referenced: Existing

    @classmethod
    def of(cls, config: Callable[[str], str | None], environment: Mapping[str, str], clock: Clock) -> Served:
        """``config`` reads a key of the stack config, such as ``roma:region``."""
        from ...config.settings import Settings
        from ...lifecycle.journal import Journal
        from ...lifecycle.memory import Memory
        from ...lifecycle.owned import Lifecycle
        from ...lifecycle.referenced import Existing

        settings, memory = Settings(config, environment, clock=clock), Memory()
        journal = Journal.of(environment, clock)
        return cls(Lifecycle(settings, journal, clock, memory), Existing(settings, clock, memory))


class Sessions:
    """What this process serves: one `Served` a config, however many provider objects have it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._configs: weakref.WeakKeyDictionary[ResourceProvider, Any] = weakref.WeakKeyDictionary()
        self._made: list[tuple[object, Served]] = []

    def configure(self, provider: ResourceProvider, config: Any) -> None:
        """Note the config of a provider object, which can hold nothing itself."""
        with self._lock:
            self._configs[provider] = config

    def of(self, provider: ResourceProvider) -> Served:
        """What serves a provider object."""
        from ...clock import Clock

        with self._lock:
            config = self._configs.get(provider)
            content = _content(config)
            for known, served in self._made:
                if known == content:
                    return served
            served = Served.of(_reader(config), os.environ, Clock())
            self._made.append((content, served))
            return served


sessions = Sessions()


class _Life(Protocol):
    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked: ...

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]: ...

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None: ...


@contextlib.contextmanager
def _hook(provider: ResourceProvider, props: Mapping[str, Any]) -> Iterator[tuple[Call, Served]]:
    """Around a hook: its call, whose errors are shown well, and what serves it."""
    with current_call(link(), props).answering() as call:
        yield call, sessions.of(provider)


def _plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without the SDK's own."""
    return {key: value for key, value in props.items() if key != PROVIDER}


def _content(config: Any) -> object:
    try:
        return None if config is None else dict(vars(config))
    except TypeError:
        return "not readable"


def _reader(config: Any) -> Callable[[str], str | None]:
    def read(key: str) -> str | None:
        value = None if config is None else config.get(key)
        return None if value is None else str(value)

    return read
