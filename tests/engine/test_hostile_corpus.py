"""The corpus on the real engine: each answer in a project of its own, all of them in one program.

By default a part of it, since each answer costs the engine a quarter of a second a command: one of each outcome, and
every text of /process, which the engine gets as outputs and messages. With CORPUS=all it is all of them (15 minutes).
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from roma_provider.clock import Clock
from roma_provider.lifecycle.journal import Entry, Journal
from tests.engine.conftest import SETTINGS, MakeStack
from tests.engine.programs import ARGUMENTS, HEAD
from tests.hostile.corpus import CORPUS, lie
from tests.hostile.outcomes import OUTCOMES, Outcome, expected
from tests.support.fakes import OTHER_ID, TOKEN
from tests.support.hostile import STRANGER, HostileProjects, Lies, clean

pytestmark = pytest.mark.thorough

ALL = os.environ.get("CORPUS") == "all"
SECONDS = 60 if ALL else 10
# The pause that a 429 asks for is the whole host's, so it would stop all the others.
PAUSING = "body: 429"


# Ids that none can be, in the answer to POST.
IDS = ("path", "blank", "escape", "turned", "long", "list", "object")


def sample() -> list[tuple[str, str]]:
    """What is run: at least one answer of each outcome."""
    rows = [row for row in CORPUS if row[1] != PAUSING]
    if ALL:
        return rows
    outcomes = [row for found in OUTCOMES for row in rows if expected(*row) is found]
    first = {expected(*row): row for row in reversed(outcomes)}
    ids = [("create", f"every text: {name}") for name in IDS]
    texts = [row for row in rows if row[0] == "process" and row[1].startswith("every text")]
    return list(dict.fromkeys([*first.values(), *ids, *texts]))


ROWS = {f"{number:032x}": row for number, row in enumerate(sample())}
PROGRAM = f"""{HEAD}
for project in {list(ROWS)}:
    times = pulumi.CustomTimeouts(create="{SECONDS}s", update="{SECONDS}s", delete="{SECONDS}s")
    roma.Instance(
        project, name="ours", project_id=project, opts=pulumi.ResourceOptions(custom_timeouts=times), **{ARGUMENTS!r}
    )
"""


def after(outcome: str, world: Lies) -> str | None:
    """The id that a state holds after a call, as a row of the table tells it."""
    held = outcome.rpartition(": ")[2]
    return {"nothing": None, "ours": world.made[0] if world.made else "no instance"}.get(held, held)


class Corpus:
    """A stack whose instances live in a hostile project each."""

    def __init__(self, make_stack: MakeStack, server: HostileProjects) -> None:
        self.server = server
        environment = {**SETTINGS, "HW_AUTH_TOKEN": TOKEN, "ROMA_POLL_SECONDS": "1", "ROMA_MAX_RETRIES": "0"}
        self.stack = make_stack(PROGRAM, environment={"ROMA_ENDPOINT": server.url, **environment})

    def run(self, verb: str, *flags: str, lies: bool = True) -> None:
        """A command, and what must be true after any."""
        for project, (operation, name) in ROWS.items():
            self.server.worlds[project].says = {operation: lie(name)} if lies else {}
        bound = 900.0 if ALL else 150.0
        run = getattr(self.stack, verb)("--parallel", str(len(ROWS)), *flags, expect=None, timeout=bound)
        clean(run.text)
        exported = str(self.stack.export())
        assert TOKEN not in run.text
        assert TOKEN not in exported
        assert OTHER_ID not in self.held.values()
        known = {*self.held.values(), *(entry.instance_id for entry in self.journal)}
        open_names = {entry.project_id for entry in self.journal if entry.instance_id is None}
        for project, world in self.server.worlds.items():
            assert world.instances[OTHER_ID] == STRANGER
            assert OTHER_ID not in world.deleted
            assert world.posts <= expected(*ROWS[project]).posts
            for made in world.ours:
                # Of what was made and refused in plain words the next `up` tells, as the table says.
                lost = expected(*ROWS[project]).left
                assert made in known or project in open_names or lost, (ROWS[project], made)

    @property
    def journal(self) -> list[Entry]:
        return Journal(self.stack.state_home / "roma-provider", Clock()).entries()

    @property
    def held(self) -> dict[str, str]:
        """The ids of the state, by project."""
        return {held["urn"].rpartition("::")[2]: held["id"] for held in self.stack.resources()}

    def assert_held(self, told: Callable[[Outcome], str]) -> None:
        """The state holds what the table says."""
        for project, row in ROWS.items():
            world = self.server.worlds[project]
            held = after(told(expected(*row)), world)
            # All of them take longer than the two minutes in which an id that POST made up is not seen to be one.
            if not ALL or held in (None, *world.made):
                assert self.held.get(project) == held, row


def test_the_corpus(make_stack: MakeStack) -> None:
    with HostileProjects(ROWS) as server:
        corpus = Corpus(make_stack, server)
        corpus.run("up", "--continue-on-error")
        corpus.assert_held(lambda outcome: outcome.create)
        corpus.run("up", "--continue-on-error", lies=False)
        corpus.assert_held(lambda outcome: outcome.again or outcome.create)
        corpus.run("refresh")
        corpus.assert_held(lambda outcome: outcome.read)
        corpus.run("destroy", "--continue-on-error")
        corpus.assert_held(lambda outcome: outcome.delete)
        corpus.run("destroy", "--continue-on-error", lies=False)
        # Left are ids that the server has made up, for two minutes; what it made and refused lives, as its words said.
        for project, row in ROWS.items():
            world, outcome = server.worlds[project], expected(*row)
            assert len(world.ours) == outcome.left
            made_up = after(outcome.create, world) not in (None, *world.made)
            assert ALL or (project in corpus.held) is made_up
