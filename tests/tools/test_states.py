"""The states of a version that is frozen are not made again, and are as they were."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.states import frozen
from tests.states.frozen import DIGESTS, PROMISES, Frozen
from tests.states.scenes import FOLDER
from tools import states

ROOT = FOLDER.parents[1]
VERSION = "1.0.0"
FROZEN = sorted(path.parent.name for path in FOLDER.glob(f"*/{DIGESTS}"))


@pytest.mark.parametrize("version", FROZEN)
def test_frozen_states_are_as_they_were(version: str) -> None:
    assert frozen.digests(version) == frozen.kept(version)


def test_the_states_of_every_released_version_are_frozen() -> None:
    released = re.findall(r"^## (\d+\.\d+\.\d+) - ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert {"0.1.0", *released} <= set(FROZEN)


@pytest.mark.parametrize("names", [[], ["edition"]])
def test_make_states_refuses_a_frozen_version(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    version = FROZEN[0]
    before = {path.name: path.read_bytes() for path in (FOLDER / version).iterdir()}
    monkeypatch.setattr(states, "__version__", version)
    monkeypatch.setattr(sys, "argv", ["states", *names])
    monkeypatch.setattr(states, "Engine", None)  # no engine is looked for
    with pytest.raises(SystemExit, match=rf"the states of {version} are frozen .* raise the version"):
        states.main()
    assert {path.name: path.read_bytes() for path in (FOLDER / version).iterdir()} == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The states of a version that is not frozen."""
    shutil.copytree(FOLDER / FROZEN[0], tmp_path / VERSION, ignore=shutil.ignore_patterns(DIGESTS))
    return tmp_path


def test_what_is_not_frozen_may_be_made(folder: Path) -> None:
    assert frozen.kept(VERSION, folder) is None
    frozen.refuse_if_frozen(VERSION, folder)
    frozen.freeze(VERSION, folder, is_released=False)
    assert frozen.kept(VERSION, folder) == frozen.digests(VERSION, folder)
    assert {PROMISES, "scenes.json", "edition.json"} < set(frozen.digests(VERSION, folder))
    with pytest.raises(Frozen):
        frozen.refuse_if_frozen(VERSION, folder)


def test_promises_grow_until_the_release_and_states_do_not_change(folder: Path) -> None:
    frozen.freeze(VERSION, folder, is_released=False)
    promises, state = folder / VERSION / PROMISES, folder / VERSION / "edition.json"
    promises.write_text(json.dumps({**json.loads(promises.read_text()), "more": []}))
    with pytest.raises(Frozen, match=f"differs in {PROMISES}: put them back"):
        frozen.freeze(VERSION, folder, is_released=True)
    frozen.freeze(VERSION, folder, is_released=False)
    assert frozen.kept(VERSION, folder) == frozen.digests(VERSION, folder)
    state.write_text("{}")
    with pytest.raises(Frozen, match=r"differs in edition\.json"):
        frozen.freeze(VERSION, folder, is_released=False)


def test_without_scenes_there_is_nothing_to_freeze(tmp_path: Path) -> None:
    (tmp_path / VERSION).mkdir()
    with pytest.raises(Frozen, match=r"lacks frozen\.json or scenes\.json"):
        frozen.freeze(VERSION, tmp_path, is_released=False)
