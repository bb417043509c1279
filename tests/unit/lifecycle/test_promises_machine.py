"""No instance lost, none made twice, none destroyed by mistake, a state that tells the truth: whatever ends a run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.support.engine import URNS, Engine
from tests.support.world import NONE, Trouble, World

TROUBLE = st.builds(
    Trouble,
    kill=st.none() | st.integers(0, 25),
    late=st.booleans(),
    stop=st.none() | st.sampled_from([0.0, 1.0, 7.0, 33.0]),
    post=st.sampled_from(["clear", "clear", "lost", "nothing"]),
    list_lag=st.sampled_from([0.0, 0.0, 60.0, 300.0]),
    process_lag=st.sampled_from([0.0, 60.0]),
    blind=st.booleans(),
)
OTHER_VPC = "0a000000-e774-4a9b-a0bb-30b840645628"
SHOP, MOVED, OTHER = f"{URNS}shop", f"{URNS}moved", f"{URNS}other"


class Promises(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        # No power failure is played, and waiting for the disk is most of the time.
        self.fsync = mock.patch("os.fsync")
        self.fsync.start()
        self.world = World()
        self.engine = Engine(self.world, self.folder)
        self.program: dict[str, dict[str, Any]] = {SHOP: {"name": "shop"}, OTHER: {"name": "other"}}

    def teardown(self) -> None:
        try:
            self.recover()
        finally:
            self.tidy()

    def tidy(self) -> None:
        self.fsync.stop()
        shutil.rmtree(self.folder)

    # --- what a user does

    @rule(trouble=TROUBLE)
    def up(self, trouble: Trouble) -> None:
        if self.engine.run("up", self.program, trouble):
            self.check_up()

    @rule()
    def up_in_peace(self) -> None:
        self.up(NONE)

    @rule(what=st.sampled_from(["up", "up", "destroy", "refresh"]), trouble=TROUBLE)
    def a_run_that_pulumi_cannot_save(self, what: str, trouble: Trouble) -> None:
        self.engine.run(what, self.program, trouble, saved=False)

    @rule(trouble=TROUBLE)
    def destroy(self, trouble: Trouble) -> None:
        if self.engine.run("destroy", self.program, trouble) and self.engine.hooks:
            self.check_destroyed()

    @rule(trouble=TROUBLE)
    def refresh(self, trouble: Trouble) -> None:
        if self.engine.run("refresh", self.program, trouble):
            self.check_truth()

    @rule()
    def a_change_that_replaces(self) -> None:
        for declared in self.program.values():
            if declared["name"] == "shop" and declared.pop("vpc_id", None) is None:
                declared["vpc_id"] = OTHER_VPC

    @rule()
    def rename_the_resource(self) -> None:
        names = {SHOP: MOVED, MOVED: SHOP}
        self.program = {names.get(urn, urn): declared for urn, declared in self.program.items()}

    @rule()
    def leave_the_other_out_or_write_it_again(self) -> None:
        if self.program.pop(OTHER, None) is None:
            self.program[OTHER] = {"name": "other"}

    @rule()
    def adopt_what_a_message_says(self) -> None:
        for urn, declared in self.program.items():
            advised = self.engine.advised(urn)
            if advised is not None and urn not in self.engine.state:
                declared["adopt_id"] = advised

    @rule()
    def adopt_no_more(self) -> None:
        for declared in self.program.values():
            declared.pop("adopt_id", None)

    @rule(seconds=st.sampled_from([60.0, 200.0, 1000.0]))
    def wait(self, seconds: float) -> None:
        self.world.clock.now += seconds

    # --- the promises

    def recover(self) -> None:
        """After all that, each thing that is there is known."""
        self.world.clock.now += 1000.0
        self.refresh(NONE)
        self.destroy(NONE)

    def check_truth(self) -> None:
        for urn, held in self.engine.state.items():
            one = self.world.made[held.id]
            assert one.deleted is None or held.outputs["status"] == "DELETING", f"{urn} is gone: {held.id}"

    def check_up(self) -> None:
        self.check_truth()
        held = {held.id for held in self.engine.state.values()}
        orders = self.engine.journal.entries()
        for one in self.world.live.values():
            written = any(entry.instance_id == one.id or entry.name == one.name for entry in orders)
            assert one.id in held or self.engine.names(one.id) or written, f"{one} is lost"

    def check_destroyed(self) -> None:
        assert self.engine.state == {}
        # What the engine was given and could not save: a destroy cannot tell it from what the state holds, so that only
        # the journal (and doctor, which reads it) knows of it.
        given = {entry.instance_id for entry in self.engine.journal.entries() if entry.is_answered}
        for one in self.world.live.values():
            if one.id in given:
                continue
            unclear = any(f"(named {one.name!r})" in text for text in self.engine.said)
            assert unclear or self.engine.names(one.id), f"{one} is lost"


Promises.TestCase.settings = settings(
    max_examples=40, stateful_step_count=14, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPromises = Promises.TestCase
