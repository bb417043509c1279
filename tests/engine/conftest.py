"""Fixtures for tests on the real engine. All tests below this folder carry the mark `engine`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.harness import Engine, Stack
from tests.engine.hosts import DYNAMIC, HOSTS, Host
from tests.engine.marks import mark_below

SETTINGS = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}


class MakeStack(Protocol):
    """Makes a stack in a folder of its own, or in `name` of the test's folder. The rest is as in `Stack`."""

    def __call__(
        self,
        program: str,
        *,
        name: str | None = None,
        environment: dict[str, str] | None = None,
        **options: Any,
    ) -> Stack: ...


class StackFor(Protocol):
    """As MakeStack, with the settings that point at an emulator."""

    def __call__(
        self,
        emulator: Emulator,
        program: str,
        *,
        name: str | None = None,
        environment: dict[str, str] | None = None,
        **options: Any,
    ) -> Stack: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write docs/previews anew from what is seen")
    parser.addoption("--host", choices=HOSTS, help="what programs run on where a test does not say (default: dynamic)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_below(__file__, items, pytest.mark.engine)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of PATH or of the cache folder; built if need be, by one of the workers."""
    return Engine.find(tmp_path_factory.mktemp("python"), "yaml")


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    # The option is known where this folder is named on the command line.
    return bool(request.config.getoption("--update-goldens", default=False))


@pytest.fixture
def host(request: pytest.FixtureRequest) -> Host:
    """The host of a test's programs: that of the mark `hosts.BOTH`, else that of --host, else the dynamic one."""
    asked = HOSTS.get(request.config.getoption("--host", default=None) or DYNAMIC.name, DYNAMIC)
    found: Host = getattr(request, "param", asked)
    return found


@pytest.fixture
def make_stack(engine: Engine, tmp_path: Path, host: Host) -> MakeStack:
    made = 0

    def make(
        program: str, *, name: str | None = None, environment: dict[str, str] | None = None, **options: Any
    ) -> Stack:
        nonlocal made
        made += 1
        folder = tmp_path / (name or f"stack-{made}")
        return Stack(folder, program, engine=engine, environment=environment, **{"host": host, **options})

    return make


@pytest.fixture
def stack_for(make_stack: MakeStack) -> StackFor:
    def make(
        emulator: Emulator,
        program: str,
        *,
        name: str | None = None,
        environment: dict[str, str] | None = None,
        **options: Any,
    ) -> Stack:
        settings = {"ROMA_ENDPOINT": emulator.url, **SETTINGS, **(environment or {})}
        return make_stack(program, name=name, environment=settings, **options)

    return make


@pytest.fixture
def make_emulator() -> Iterator[Callable[..., Emulator]]:
    """Starts emulators that end with the test; the arguments are those of Emulator."""
    with ExitStack() as running:
        yield lambda **options: running.enter_context(Emulator(**options))


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    """An emulator whose instances are ready almost at once."""
    return make_emulator(creation_seconds=0.2)
