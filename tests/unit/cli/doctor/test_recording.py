"""Which instances are asked about, what of a path is kept, and how the file is written. (Whole: tests/emulator.)"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.exchange import Exchange
from roma_provider.cli.doctor.masking import Masking
from roma_provider.cli.doctor.recording import MOST_INSTANCES, Recorded, _chosen, _written, write
from roma_provider.errors import InputError
from tests.support.fakes import ID, OTHER_ID, PROJECT


def listed(*entries: Any) -> Exchange:
    return Exchange("list", f"/v2/{PROJECT}/instances", {}, 200, {"instances": [*entries]}, is_json=True)


def test_one_of_each_kind_and_status() -> None:
    v2 = listed({"id": "1", "status": "RUNNING"}, {"id": "2", "status": "RUNNING"}, {"id": "3", "status": "FROZEN"})
    v3 = listed(
        {"id": "1", "status": "RUNNING", "category": "roma"}, {"id": "4", "status": "RUNNING", "category": "rcu"}
    )
    assert _chosen(v2, v3) == [("1", False), ("4", True), ("3", False)]


@pytest.mark.parametrize("entry", [None, "x", {}, {"id": None}, {"id": "../x"}, {"id": 5}, {"id": "a/b"}])
def test_what_is_no_instance_is_not_asked_about(entry: Any) -> None:
    assert _chosen(listed(entry), listed()) == []
    bodies: list[Any] = [None, [], {"instances": None}, {"instances": {}}, "x"]
    for body in bodies:
        assert _chosen(Exchange("list", "/x", {}, 200, body, is_json=True), listed()) == []


def test_there_is_an_end() -> None:
    many = [{"id": f"id-{number}", "status": f"S{number}"} for number in range(50)]
    assert len(_chosen(listed(*many), listed())) == MOST_INSTANCES


def test_a_path_has_no_id() -> None:
    masking = Masking()
    project = masking.identifier(PROJECT)
    exchange = Exchange("creation_progress", f"/v2/{PROJECT}/instances/{ID}/process", {}, 404, None, is_json=False)
    written = _written(Recorded(exchange, (4, 7)), PROJECT, project, masking)
    assert written == {
        "operation": "creation_progress",
        "assumptions": [4, 7],
        "request": {
            "method": "GET",
            "query": {},
            "path": f"/v2/{{project_id}}/instances/{masking.identifier(ID)}/process",
        },
        "answer": {"status": 404, "json": False, "body": None},
    }
    assert masking.identifier(OTHER_ID) not in (project, masking.identifier(ID))


def test_a_file_is_new(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write(path, {"format": 1})
    assert json.loads(path.read_text(encoding="utf-8")) == {"format": 1}
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="--record: there is a file of that name"):
        write(path, {})
    with pytest.raises(InputError, match="--record: the file cannot be written: No such file or directory"):
        write(tmp_path / "no" / "x.json", {})
    assert json.loads(path.read_text(encoding="utf-8")) == {"format": 1}
