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
    from ...lifecycle.declared import DeclaredInstance, DeclaredReference
    from ...lifecycle.operation import Operation
    from ...lifecycle.owned import Owned
    from ...lifecycle.reading import Reading
    from ...lifecycle.referenced import Referenced
    from ...lifecycle.run import Run
    from ...lifecycle.session import Session
    from ...schema.checked import Checked
    from ..link import Link
    from .call import Call

PROVIDER = "__provider"


class _Provider(ResourceProvider):
    """The hooks that both kinds of resource have alike, by the names and parameters that the SDK gives them.

    Objects have no attributes: they are pickled into every resource.
    """

    # By reference there is nothing in it to hide, and a readable value makes no noise in previews.
    serialize_as_secret_always = False

    @staticmethod
    def _declared(session: Session) -> _Declared:
        raise NotImplementedError

    @staticmethod
    def _life(session: Session) -> _Creator:
        raise NotImplementedError

    def configure(self, req: ConfigureRequest) -> None:
        from . import imports

        imports.load()

        from ...api import call_log
        from ...clock import Clock
        from ...config import keys
        from ...config.settings import Settings
        from . import frames

        link().connect(frames.engine_address())
        link().take_over(frames.server())
        sessions.configure(self, req.config)
        run().clean(Clock())
        call_log.install(Settings(_reader(req.config), os.environ).log_wish(), keys.LOG.name)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        from ...texts import for_people

        with _hook(self, news) as (call, session):
            checked = self._declared(session).check(call, _plain(_olds), _plain(news))
            failures = [CheckFailure(key, for_people(reason)) for key, reason in checked.failures]
            return CheckResult(checked.inputs, failures)

    def create(self, props: dict[str, Any]) -> CreateResult:
        with _hook(self, props) as (call, session):
            return CreateResult(*self._life(session).create(call, _plain(props)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        with _hook(self, props) as (call, session):
            found = self._read(session, call, id_, _plain(props))
            if found is None:
                return ReadResult("", {})  # gone
            outputs = call.carried(found.outputs) if found.is_pending else found.outputs
            return ReadResult(found.instance_id, outputs, found.inputs)

    def _read(self, session: Session, call: Call, id_: str, props: dict[str, Any]) -> Reading | None:
        raise NotImplementedError


class OwningProvider(_Provider):
    """The hooks of a resource that makes its instance, and deletes it."""

    @staticmethod
    def _declared(session: Session) -> DeclaredInstance:
        from ...lifecycle.declared import DeclaredInstance

        return DeclaredInstance(session)

    @staticmethod
    def _life(session: Session) -> Owned:
        session.load()
        from ...lifecycle.owned import Owned

        return Owned(session)

    def _read(self, session: Session, call: Call, id_: str, props: dict[str, Any]) -> Reading | None:
        from .call import LOOKED_UP

        # An instance that is only looked up has no outputs at first, and is marked in a refresh.
        owned = "instance_id" in props and LOOKED_UP not in props
        found = self._life(session).read(call, id_, props, owned=owned)
        if found is not None and not owned:
            found.outputs[LOOKED_UP] = True
        return found

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        from .call import LOOKED_UP

        if LOOKED_UP in _olds:
            return DiffResult(changes=False)
        with _hook(self, _news) as (call, session):
            found = self._declared(session).diff(call, _id, _plain(_olds), _plain(_news))
            link().differ(found.keys, found.lines)
            return DiffResult(changes=found.any, replaces=found.replaces, delete_before_replace=True)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with _hook(self, _news) as (call, session):
            return UpdateResult(self._life(session).update(call, _id, _plain(_olds), _plain(_news)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        with _hook(self, _props) as (call, session):
            self._life(session).delete(call, _id, _plain(_props))


class ReferringProvider(_Provider):
    """The hooks of a resource that waits for somebody else's instance. To delete, the SDK's own class does nothing."""

    @staticmethod
    def _declared(session: Session) -> DeclaredReference:
        from ...lifecycle.declared import DeclaredReference

        return DeclaredReference(session)

    @staticmethod
    def _life(session: Session) -> Referenced:
        session.load()
        from ...lifecycle.referenced import Referenced

        return Referenced(session)

    def _read(self, session: Session, call: Call, id_: str, props: dict[str, Any]) -> Reading | None:
        return self._life(session).read(call, id_, props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        with _hook(self, _news) as (call, session):
            found = self._declared(session).diff(call, _plain(_olds), _plain(_news))
            link().differ(found.keys, found.lines)
            return DiffResult(changes=found.any, replaces=found.replaces)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        with _hook(self, _news) as (call, session):
            return UpdateResult(self._life(session).update(call, _id, _plain(_olds), _plain(_news)))


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
    from ..link import Link

    return Link()


@functools.cache
def run() -> Run:
    """What this process, the program and the other plugins of this run tell each other."""
    from ...lifecycle.run import Run
    from . import frames

    return Run.of(os.environ, frames.engine_address())


class Sessions:
    """What this process serves: one session a config, however many provider objects have it.

    What one resource of a session refers to, another must not delete.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._configs: weakref.WeakKeyDictionary[ResourceProvider, Any] = weakref.WeakKeyDictionary()
        self._made: list[tuple[object, Session]] = []

    def configure(self, provider: ResourceProvider, config: Any) -> None:
        """Note the config of a provider object, which can hold nothing itself."""
        with self._lock:
            self._configs[provider] = config

    def of(self, provider: ResourceProvider) -> Session:
        """The session of a provider object."""
        from ...lifecycle.session import Session
        from . import imports

        with self._lock:
            config = self._configs.get(provider)
            content = _content(config)
            for known, session in self._made:
                if known == content:
                    return session
            session = Session.of(_reader(config), os.environ, load=imports.load_api)
            session.run = run()
            self._made.append((content, session))
            return session


sessions = Sessions()


class _Declared(Protocol):
    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked: ...


class _Creator(Protocol):
    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]: ...


@contextlib.contextmanager
def _hook(provider: ResourceProvider, props: Mapping[str, Any]) -> Iterator[tuple[Call, Session]]:
    """Around a hook: its call, whose errors are shown well, and its session."""
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
