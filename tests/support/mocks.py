"""The SDK's mocks in place of an engine, for what a program writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, settings

from roma_provider.resources import plain_secrets as secret_config
from tests.support.fakes import ID


class Mocks(mocks.Mocks):
    """Gives every resource the seed's id and ``live`` outputs, as the engine would: numbers are floats."""

    def __init__(self) -> None:
        self.seen: list[mocks.MockResourceArgs] = []
        self.live: dict[str, Any] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        self.seen.append(args)
        return ID, {**args.inputs, **self.live}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.fixture
def engine() -> Iterator[Mocks]:
    found = Mocks()
    mocks.set_mocks(found, project="shop", stack="dev")
    secret_config._warned.clear()
    yield found
    settings.reset_options()
    pulumi.runtime.set_all_config({})
    secret_config._warned.clear()


def arguments(seen: mocks.MockResourceArgs) -> dict[Any, Any]:
    """What is on the wire, but for what the constructor tells of what it was given."""
    return {key: value for key, value in seen.inputs.items() if key != "__written"}


def run(engine: Mocks, program: Any) -> Any:
    """Run a program against the mocks; the value of the output that it returns."""
    found: list[Any] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def body() -> Any:
        return pulumi.Output.from_input(program()).apply(found.append)

    body()
    return found[0]
