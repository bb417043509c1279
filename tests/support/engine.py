"""What Pulumi's engine makes of a program and a state, as far as the hooks of an Instance see it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roma_provider.config.settings import Settings
from roma_provider.errors import RomaError
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.owned import Owned
from tests.support.fakes import CONFIG, TOKEN, FakeOperation, FakeSession, inputs
from tests.support.world import Api, Killed, MortalJournal, Trouble, World

URNS = "urn:pulumi:dev::shop::pulumi-python:dynamic/roma:Instance::"


@dataclass
class Held:
    """A resource in the state. ``half_made``: an error has left it, so that it is read before the next update."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    half_made: bool = False


class Failed(Exception):
    """A hook answered with an error."""


@dataclass
class Engine:
    """Runs of one stack; each of them is a process of its own. ``said`` is all that errors and warnings have told."""

    world: World
    folder: Path
    state: dict[str, Held] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    hooks: int = 0

    def run(self, what: str, program: dict[str, dict[str, Any]], trouble: Trouble, *, saved: bool = True) -> bool:
        """``up``, ``refresh`` or ``destroy``; whether it ended without an error. Unless ``saved``, the state stays as
        it was."""
        before = {urn: Held(**vars(held)) for urn, held in self.state.items()}
        self.world.begin(trouble)
        self.hooks = 0
        settings = Settings(CONFIG.get, {"HW_AUTH_TOKEN": TOKEN})
        journal = MortalJournal(self.folder, self.world)
        session = FakeSession(settings, journal, self.world.clock, made=Api(self.world))  # type: ignore[arg-type]
        self._life = Owned(session)
        try:
            getattr(self, f"_{what}")(program)
        except (Failed, Killed):
            ended = False
        else:
            ended = True
        if not saved:
            self.state = before
        return ended and saved

    @property
    def journal(self) -> Journal:
        return Journal(self.folder, self.world.clock)

    def names(self, instance_id: str) -> bool:
        """Whether an error or a warning has named this instance."""
        return any(re.search(rf"\b{instance_id}\b", text) for text in self.said)

    def advised(self, urn: str) -> str | None:
        """The id that the last refusal of a resource says to adopt."""
        texts = [text for text in self.said if text.startswith(urn)]
        found = re.search(r"adopt_id='([^']+)'", texts[-1]) if texts else None
        return found[1] if found else None

    # --- the three commands

    def _up(self, program: dict[str, dict[str, Any]]) -> None:
        failed = False
        for urn, declared in program.items():
            try:
                self._register(urn, declared)
            except Failed:
                failed = True
                break
        if failed:
            raise Failed
        for urn in [urn for urn in self.state if urn not in program]:
            self._delete(urn)

    def _refresh(self, _program: dict[str, dict[str, Any]]) -> None:
        failed = [urn for urn in list(self.state) if not self._read(urn)]
        if failed:
            raise Failed

    def _destroy(self, _program: dict[str, dict[str, Any]]) -> None:
        for urn in list(self.state):
            self._delete(urn)

    # --- steps

    def _register(self, urn: str, declared: dict[str, Any]) -> None:
        held = self.state.get(urn)
        if held is not None and held.half_made:
            self._read(urn)
            held = self.state.get(urn)
        olds = {} if held is None else held.inputs
        given = {key: value for key, value in inputs(**declared).items() if key not in ("region", "project_id")}
        op = self._op(urn, held)
        checked = self._hook(op, lambda: self._life.check(op, olds, given))
        if checked.failures:
            self.said.append(f"{urn} {checked.failures}")
            raise Failed
        if held is None:
            self._create(urn, checked.inputs)
            return
        op = self._op(urn, held)
        found = self._hook(op, lambda: self._life.diff(op, held.id, held.outputs, checked.inputs))
        if found.replaces:
            again = self._op(urn, None)
            checked = self._hook(again, lambda: self._life.check(again, {}, given))
            self._delete(urn)
            self._create(urn, checked.inputs)
        elif found.any or held.half_made:
            self._update(urn, held, checked.inputs)
        else:
            held.inputs = checked.inputs

    def _create(self, urn: str, news: dict[str, Any]) -> None:
        op = self._op(urn, None)
        instance_id, outputs = self._hook(op, lambda: self._life.create(op, news), news)
        self._save(op, urn, Held(instance_id, news, outputs))

    def _save(self, op: FakeOperation, urn: str, held: Held) -> None:
        """The engine is given an instance, and saves it: before, between and after that it may be killed."""
        op.answer(ready=not held.half_made, saved=False)
        self.world.step(lambda: self.state.update({urn: held}))
        op.answer_is_saved()

    def _update(self, urn: str, held: Held, news: dict[str, Any]) -> None:
        op = self._op(urn, held)
        outputs = self._hook(op, lambda: self._life.update(op, held.id, held.outputs, news), news)
        self.state[urn] = Held(held.id, news, outputs)

    def _read(self, urn: str) -> bool:
        held = self.state[urn]
        op = self._op(urn, held)
        try:
            found = self._hook(op, lambda: self._life.read(op, held.id, held.outputs, owned=True), held.inputs)
        except Failed:
            return False
        if found is None:
            del self.state[urn]
        else:
            self.state[urn] = Held(held.id, held.inputs, found.outputs)
        return True

    def _delete(self, urn: str) -> None:
        held = self.state[urn]
        op = self._op(urn, held)
        self._hook(op, lambda: self._life.delete(op, held.id, held.outputs))
        self.hooks += 1
        del self.state[urn]

    def _op(self, urn: str, held: Held | None) -> FakeOperation:
        op = FakeOperation(urn=urn, old_inputs=None if held is None else held.inputs)
        if self.world.trouble.stop is not None:
            self.world.clock.at(self.world.clock.now + self.world.trouble.stop, op.stop.set)
        return op

    def _hook(self, op: FakeOperation, call: Any, news: dict[str, Any] | None = None) -> Any:
        """The answer of a hook; Failed with what it says, and its partial state kept."""
        try:
            return call()
        except RomaError as error:
            self.said.append(f"{op.urn} {' '.join(error.reasons)}")
            if op.kept:
                instance_id, outputs = op.kept[-1]
                self._save(op, str(op.urn), Held(instance_id, news or {}, outputs, half_made=True))
            raise Failed from error
        finally:
            self.said.extend(op.warnings)
