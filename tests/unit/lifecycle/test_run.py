"""What the processes of one run of the engine tell each other."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from roma_provider.clock import Clock
from roma_provider.errors import InputError, NameTaken, RomaError
from roma_provider.lifecycle.run import STALE_SECONDS, Run, engine_answers
from tests.support.fakes import ID, FakeClock, inputs, summary
from tests.support.lifecycle import RUNNING, STATE, LaterCase

ADDRESS = "127.0.0.1:4711"
PLACE = ("cn-north-4", "p", "one")


def run(folder: Path, address: str | None = ADDRESS) -> Run:
    return Run.of({"XDG_STATE_HOME": str(folder)}, address)


@pytest.fixture
def listening() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def folders(base: Path) -> list[Path]:
    return sorted((base / "roma-provider" / "runs").iterdir())


def test_what_one_process_notes_the_others_of_its_run_know(tmp_path: Path) -> None:
    run(tmp_path).refer(ID, "shared")
    run(tmp_path).refer(ID, "again")
    run(tmp_path).refuse_name(*PLACE, "urn::two")
    other = run(tmp_path)
    assert other.referrers(ID) == ["again", "shared"]
    assert other.referrers("another") == []
    assert other.refused_name(*PLACE) == "urn::two"
    assert other.refused_name("cn-north-4", "p", "another") is None


def test_another_run_knows_nothing_of_it(tmp_path: Path) -> None:
    run(tmp_path).refer(ID, "shared")
    run(tmp_path).refuse_name(*PLACE, "two")
    other = run(tmp_path, "127.0.0.1:4712")
    assert (other.referrers(ID), other.refused_name(*PLACE)) == ([], None)


@pytest.mark.parametrize("made", [Run.none(), Run.of({"XDG_STATE_HOME": "/nowhere"}, None)])
def test_without_an_address_a_process_knows_its_own_alone(made: Run) -> None:
    assert not made.is_known
    made.refer(ID, "shared")
    assert made.referrers(ID) == ["shared"]
    assert Run.none().referrers(ID) == []


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    run(tmp_path).refer(ID, "shared")
    run(tmp_path).refuse_name(*PLACE, "two")
    [folder] = folders(tmp_path)
    for path in (folder.parent, folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert not list(folder.rglob(".new-*"))


def test_where_it_cannot_be_written_the_process_itself_still_knows(tmp_path: Path) -> None:
    (tmp_path / "roma-provider").write_text("a file")
    made = run(tmp_path)
    with pytest.raises(OSError, match="exists"):
        made.refer(ID, "shared")
    assert made.referrers(ID) == ["shared"]
    assert run(tmp_path).referrers(ID) == []
    made.clean(Clock())


def test_files_that_are_no_notes_are_left_out(tmp_path: Path) -> None:
    run(tmp_path).refer(ID, "shared")
    [folder] = folders(tmp_path)
    for name, text in (("1", "{"), ("2", "[]"), ("3", '{"about": ["' + ID + '"], "by": 5}'), ("4", "\udcff")):
        (folder / "references" / f"{name}.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(tmp_path).referrers(ID) == ["shared"]


def test_folders_of_engines_that_are_gone_or_old_are_removed(tmp_path: Path) -> None:
    clock = FakeClock()
    for number in (1, 2, 3, 4):
        run(tmp_path, f"127.0.0.1:{number}").refer(ID, "shared")
    by_port = {
        (folder / "engine").read_text().partition("\n")[0].rpartition(":")[2]: folder for folder in folders(tmp_path)
    }
    for port in ("1", "2", "3", "4"):
        os.utime(by_port[port], (clock.epoch(), clock.epoch()))
    old = clock.epoch() - STALE_SECONDS - 1
    os.utime(by_port["3"], (old, old))
    os.utime(by_port["4"], (old, old))
    run(tmp_path, "127.0.0.1:4").clean(clock, lambda address: address != "127.0.0.1:1")
    assert folders(tmp_path) == sorted([by_port["2"], by_port["4"]])


def test_containers_that_share_a_home_leave_each_other_s_notes(tmp_path: Path) -> None:
    """Each has addresses of its own, at which another's engine does not answer."""
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    there, here = Run.of(environment, ADDRESS, "box-1"), Run.of(environment, ADDRESS, "box-2")
    there.refer(ID, "shared")
    assert here.referrers(ID) == []
    here.clean(Clock(), lambda _address: False)
    assert Run.of(environment, ADDRESS, "box-1").referrers(ID) == ["shared"]
    Run.of(environment, "127.0.0.1:1", "box-1").clean(Clock(), lambda _address: False)
    assert Run.of(environment, ADDRESS, "box-1").referrers(ID) == []


def test_a_folder_that_does_not_say_whose_it_is_stays_for_a_day(tmp_path: Path) -> None:
    run(tmp_path).refer(ID, "shared")
    [folder] = folders(tmp_path)
    (folder / "engine").unlink()
    run(tmp_path, None).clean(Clock(), lambda _address: False)
    assert folders(tmp_path) == [folder]


def test_whether_an_engine_answers(listening: str) -> None:
    assert engine_answers(listening)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    assert not engine_answers(address)
    assert not engine_answers("nothing")
    assert not engine_answers("localhost:port")


def test_trouble_of_this_process_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> socket.socket:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(socket, "create_connection", fail)
    assert engine_answers(ADDRESS)


def test_an_instance_that_the_program_refers_to_is_not_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None])
    case.host.session.run.refer(ID, "shared")
    with pytest.raises(RomaError, match=f"the program refers to instance {ID} by its resource 'shared'"):
        case.delete()
    assert (case.client.deleted, case.open) == ([], 1)


def test_an_instance_that_another_resource_is_to_adopt_is_not_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    case.host.session.run.adopt(ID, "new")
    case.op.urn = "urn::old"
    with pytest.raises(RomaError, match=f"the program refers to instance {ID} by its resource 'new'"):
        case.delete()
    case.op.urn = "urn::new"  # its own
    case.delete()
    assert case.client.deleted == [ID]


def test_an_instance_that_another_resource_holds_too_is_not_deleted(tmp_path: Path) -> None:
    """One under another provider has adopted it, in a run before, and is looked at by another process."""
    first, second = (LaterCase(tmp_path / name, progress=[RUNNING], deletes=[None], lists=[[]]) for name in "ab")
    first.op.urn, second.op.urn = "urn::new", "urn::old"
    for case in (first, second):
        case.host.session.run = run(tmp_path)
    first.host.owned.diff(first.op, ID, STATE, inputs())
    second.delete()
    assert second.op.warnings == [f"instance {ID} is held by the resource 'new' too, so it is not deleted"]
    assert second.client.deleted == []
    first.delete()
    assert first.client.deleted == [ID]


def test_where_all_who_hold_an_instance_are_deleted_one_of_them_deletes_it(tmp_path: Path) -> None:
    """Each process has looked at its own, as a destroy does that refreshes first."""
    cases = [LaterCase(tmp_path / name, progress=[RUNNING], deletes=[None], lists=[[]]) for name in "ab"]
    for case, urn in zip(cases, ("urn::new", "urn::old"), strict=True):
        case.op.urn, case.host.session.run = urn, run(tmp_path)
        case.host.owned.diff(case.op, ID, STATE, inputs())
    for case in cases:
        case.delete()
    assert [case.client.deleted for case in cases] == [[], [ID]]


def test_an_instance_whose_name_was_refused_is_not_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary()], []])
    case.op.urn = "urn::new"
    with pytest.raises(NameTaken):
        case.host.owned.create(case.op, inputs(name=summary().name))
    case.op.urn = "urn::old"
    with pytest.raises(RomaError) as caught:
        case.delete({**STATE, "name": summary().name})
    assert str(caught.value) == (
        f"instance {ID} is not deleted: resource 'new' was to be created in this run under its name "
        f"{summary().name!r}, and could not be. If that is this resource, renamed in the program, give it "
        "aliases=[pulumi.Alias(name='old')]. If this instance shall be deleted with everything in it, run `pulumi "
        "destroy --target 'urn::old'`"
    )
    assert case.client.deleted == []
    case.delete({**STATE, "name": "another"})
    assert case.client.deleted == [ID]


def test_an_instance_that_could_not_be_adopted_is_not_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING, RUNNING], deletes=[None])
    with pytest.raises(InputError, match="is not what is declared"):
        case.host.owned.create(case.op, inputs(adopt_id=ID, vpc_id="another"))
    with pytest.raises(RomaError, match="the program refers to instance"):
        case.delete()
    assert case.client.deleted == []
