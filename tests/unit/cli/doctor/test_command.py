"""`roma doctor` as a whole: what is printed where, and what it exits with."""

from __future__ import annotations

import json

import pytest

from roma_provider.cli.doctor import examination
from roma_provider.cli.doctor.command import FAILED, WELL, Wish, run
from roma_provider.cli.doctor.examination import Check, Findings
from roma_provider.cli.output import with_output
from roma_provider.lifecycle.session import Session
from tests.support.fakes import plain_session


@pytest.mark.parametrize(("ok", "code"), [(True, WELL), (False, FAILED)])
def test_the_exit_code_and_the_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ok: bool, code: int
) -> None:
    def examine(_session: Session, *_place: str | None) -> Findings:
        return Findings("1", "3", [Check("region", ok, "cn-north-4")])

    monkeypatch.setattr(examination, "examine", examine)
    session = plain_session({}, {})
    assert with_output(lambda output: run(session, Wish(), output), "doctor", as_json=True) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["command"], told["ok"], told["exit_code"]) == ("doctor", ok, code)
    assert told["checks"] == [{"name": "region", "ok": ok, "said": "cn-north-4", "assumptions": []}]
