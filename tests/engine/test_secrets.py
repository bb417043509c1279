"""A token is in no state, no log, no journal and no output: a canary is looked for in all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, REGION, Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import Run, Stack
from tests.engine.hosts import BOTH
from tests.engine.programs import Code, program
from tests.engine.seen import files_with
from tests.support.until import wait_until

MADE_UP = "canary-of-a-token-that-nobody-issued"
PRINT = 'pulumi.export("everything", {name: getattr(integration, name) for name in roma.Instance.__annotations__})\n'


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    return make_emulator(creation_seconds=0, list_lag_seconds=0)


def issued_token(emulator: Emulator) -> str:
    """A token of some 1,200 characters that this emulator takes."""
    identity = {"user": {"name": "somebody", "password": "right", "domain": {"name": "account"}}}
    auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": identity}}
    body = {"auth": {**auth, "scope": {"project": {"id": PROJECT_ID, "name": REGION}}}}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{emulator.url}/v3/auth/tokens", json=body, timeout=10)
    assert answer.status_code == 201
    return answer.headers["X-Subject-Token"]


def canaries(token: str) -> list[str]:
    """Parts of a token, any of which would give it away, cut short or not."""
    return [token[start : start + 20] for start in range(0, max(1, len(token) - 19), 20)]


def assert_unseen(token: str, stack: Stack, *runs: Run) -> None:
    """No part of the token was printed, or is in a file of the stack's: state, history, journal, Pulumi's home."""
    parts = canaries(token)
    assert [part for part in parts for run in runs if part in run.text] == []
    assert files_with(parts, stack.backend, stack.home, stack.folder) == []


@pytest.mark.parametrize("place", ["environment", pytest.param("config", marks=pytest.mark.thorough)])
def test_the_token_of_a_life_without_trouble(stack_for: StackFor, emulator: Emulator, place: str) -> None:
    token = issued_token(emulator)
    given = token if place == "environment" else ""
    stack = stack_for(emulator, program(more=PRINT), environment={"HW_AUTH_TOKEN": given})
    if place == "config":
        stack.config("roma:token", token, secret=True)
    runs = [stack.up("--diff", preview=True), stack.refresh("--diff"), stack.preview("--json")]
    assert emulator.control.statistics().created == 1
    assert_unseen(token, stack, *runs)
    assert_unseen(token, stack, stack.destroy("--diff"))
    assert emulator.control.statistics().deleted == 1


def test_the_journal_of_a_creation_under_way(stack_for: StackFor, make_emulator: Callable[..., Emulator]) -> None:
    emulator = make_emulator(creation_seconds=0, list_lag_seconds=0)
    token = issued_token(emulator)
    stack = stack_for(emulator, program(description="canary-of-an-argument"), environment={"HW_AUTH_TOKEN": token})
    held = emulator.control.add_fault("creation_progress", hold=True)
    with stack.start_up() as running:
        wait_until(lambda: emulator.control.faults()[0].hits == 1 or not running.running, "a poll")
        entries = list(stack.state_home.rglob("journal/*.json"))
        assert len(entries) == 1, running.text
        (made,) = emulator.control.instances()
        assert json.loads(entries[0].read_text())["instance_id"] == made.id
        assert entries[0].stat().st_mode & 0o077 == 0
        assert files_with(canaries(token), stack.state_home, stack.backend) == []
        assert files_with(["canary-of-an-argument"], stack.state_home) == []
        emulator.control.clear_fault(held)
        run = running.wait(expect=0)
    assert_unseen(token, stack, run)
    assert list(stack.state_home.rglob("journal/*.json")) == []


def test_a_token_that_is_refused(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment={"HW_AUTH_TOKEN": MADE_UP})
    run = stack.up(expect=None)
    assert "HTTP 401" in run.text
    assert_unseen(MADE_UP, stack, run)
    # One that cannot even be sent is not quoted either.
    unsendable = f"{MADE_UP} \u00fc"
    run = stack.up(expect=None, environment={"HW_AUTH_TOKEN": unsendable})
    assert re.search(r"roma:token.*: a token is one word of visible ASCII characters; copy it again", run.text)
    assert_unseen(MADE_UP, stack, run)


def test_the_token_of_a_creation_that_fails(stack_for: StackFor, emulator: Emulator) -> None:
    emulator.control.settings(scenario="create-failed")
    token = issued_token(emulator)
    stack = stack_for(emulator, program(more=PRINT), environment={"HW_AUTH_TOKEN": token})
    failed = stack.up(expect=None)
    assert "ROMA.10010" in failed.text
    assert len(stack.resources()[0]["initErrors"]) == 3
    assert_unseen(token, stack, failed, stack.refresh("--diff"))


@BOTH
@pytest.mark.thorough
@pytest.mark.parametrize("place", ["environment", "config"])
def test_the_token_with_every_log_of_pulumis(stack_for: StackFor, emulator: Emulator, place: str) -> None:
    """What is written to the standard streams, of what is marked as secret. docs/security.md has what is not."""
    token, canary = issued_token(emulator), "canary-of-a-secret-argument"
    description = Code(f"pulumi.Output.secret({canary!r})")
    given = {"HW_AUTH_TOKEN": token if place == "environment" else "", "ROMA_LOG": "debug", "TF_LOG": "TRACE"}
    stack = stack_for(emulator, program(description=description), environment=given)
    if place == "config":
        stack.config("roma:token", token, secret=True)
    flags = ("-v=9", "--logtostderr", "--logflow", "--debug")
    runs = [stack.up(*flags), stack.refresh(*flags), stack.destroy(*flags)]
    assert (emulator.control.statistics().created, emulator.control.statistics().deleted) == (1, 1)
    assert [len(run.text) > 50_000 for run in runs] == [True] * 3
    assert_unseen(token, stack, *runs)
    assert [run.code for run in runs if canary in run.text] == []
    assert files_with([canary], stack.backend, stack.home) == []  # the program has it
