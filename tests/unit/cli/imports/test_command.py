"""`roma import` as a whole: what is printed where, and what it exits with."""

from __future__ import annotations

import io
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.imports.command import ALL, NOT_ALL, run
from roma_provider.cli.imports.wanted import Wish
from roma_provider.cli.output import Output
from tests.support.fakes import ID, OTHER_ID, URN, FakeClient, Host, progress, refused, summary
from tests.support.journal import entry

GONE = refused(404, "APIC.7302", "no such instance")
OTHER = progress("RUNNING", instanceId=OTHER_ID, name="stock")


class Imported:
    """A run against a scripted API."""

    def __init__(self, folder: Path, *answers: Any) -> None:
        listed = [summary(ID, "roma-2222"), summary(OTHER_ID, "stock")]
        self.host = Host(FakeClient(progress=answers, lists=[listed]), folder)

    def __call__(self, *names: str, **wish: Any) -> int:
        return run(self.host.session, Wish(names, **wish), Output())


def test_all_that_was_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Imported(tmp_path, progress("RUNNING"), OTHER)(ID, OTHER_ID) == ALL
    said = capsys.readouterr()
    assert said.out.count("adopt_id=") == 2
    assert said.err == (
        "roma: 2 instances to take over; with this in a program, `pulumi up` does, and nothing is created\n"
    )


@pytest.mark.parametrize(("existing", "said"), [(False, True), (True, False)])
def test_what_another_resource_of_this_machine_owns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], existing: bool, said: bool
) -> None:
    imported = Imported(tmp_path, progress("RUNNING"))
    imported.host.journal.write(entry(instance_id=ID))
    assert imported(ID, existing=existing) == ALL
    words = f"roma: instance {ID} was ordered from this machine for {URN}. Two states that own one instance would each"
    assert (words in capsys.readouterr().err) == said


def test_what_is_missing_is_said_and_the_rest_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported = Imported(tmp_path, progress("FROZEN"), OTHER)
    assert imported(every=True, existing=True) == NOT_ALL
    said = capsys.readouterr()
    why = f"instance {ID} (named 'roma-2222'): its status is FROZEN, and `pulumi up` would wait for RUNNING in vain. "
    assert said.out.splitlines()[-1] == f"# Not in here: {why}Deal with that first"
    assert f'instance_id="{OTHER_ID}"' in said.out
    assert said.err.splitlines() == [
        f"roma: {why}Deal with that first",
        "roma: 1 instance to refer to; with this in a program, `pulumi up` does",
    ]


def test_nothing_to_import_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Imported(tmp_path, GONE)(ID) == NOT_ALL
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"roma: instance {ID}: it does not exist in project ")


def test_what_terraform_is_to_forget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resource = {"type": "hcs_roma_connect_instance", "name": "a", "mode": "managed"}
    given = [
        {"index_key": "x'; touch y", "attributes": {"id": ID, "region": "cn-north-4"}},
        {"index_key": 0, "attributes": {"id": OTHER_ID, "region": "cn-north-4", "name": "gone"}},
    ]
    state = tmp_path / "state"
    state.write_text(json.dumps({"version": 4, "resources": [{**resource, "instances": given}]}))
    assert Imported(tmp_path, progress("RUNNING"), GONE)(tfstate=str(state)) == NOT_ALL
    gone, took, forget = capsys.readouterr().err.splitlines()
    address = "hcs_roma_connect_instance.a"
    assert gone.startswith(f"roma: {address}[0], instance {OTHER_ID} (named 'gone'): it does not exist in ")
    assert took.startswith("roma: 1 instance to take over; ")
    assert forget == (
        "roma: then have Terraform forget, not destroy. Run in Terraform's folder: terraform state rm "
        f"""'{address}["x'"'"'; touch y"]'"""
    )


def test_many_addresses_are_several_commands_and_none_is_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"{number:08}-62a4-464a-8461-c88797ad4f23" for number in range(200)]
    resource = {"type": "hcs_roma_connect_instance", "name": "a" * 60}
    given = [{"index_key": number, "attributes": {"id": id_}} for number, id_ in enumerate(ids)]
    state = tmp_path / "state"
    state.write_text(json.dumps({"version": 4, "resources": [{**resource, "instances": given}]}))
    answers = [progress("RUNNING", instanceId=id_, name=id_) for id_ in ids]
    assert Imported(tmp_path, *answers)(tfstate=str(state)) == ALL
    _, *commands = capsys.readouterr().err.splitlines()
    forgotten = [word for line in commands for word in shlex.split(line.partition(" state rm ")[2])]
    assert forgotten == [f"hcs_roma_connect_instance.{'a' * 60}[{number}]" for number in range(200)]
    assert max(map(len, commands)) < 4200 < len(" ".join(forgotten))


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "集成"), ("ascii", "\\u96c6\\u6210"), ("nonsense", None)])
def test_an_output_that_is_not_utf_8_gets_a_program_in_ascii(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str | None
) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8" if shown is None else encoding)
    if shown is None:
        monkeypatch.setattr("codecs.lookup", lambda _name: (_ for _ in ()).throw(LookupError()))
    monkeypatch.setattr(sys, "stdout", out)
    assert Imported(tmp_path, progress("RUNNING", name="集成"))(ID) == ALL
    text = raw.getvalue().decode(encoding if shown else "ascii")
    assert f'name="{shown or chr(92) + "u96c6" + chr(92) + "u6210"}"' in text.replace("'", '"')
