"""The report of `roma doctor`: what of settings, errors and versions is said, and that nothing else is."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from roma_provider.cli.doctor.examination import Check, Findings, plain_error
from roma_provider.cli.doctor.report import SECRET, SET, Row, report
from roma_provider.errors import Answer, InputError, RomaApiError, RomaConnectionError, RomaError
from roma_provider.lifecycle.journal import Stage
from tests.support.fakes import ID, OTHER_ID, FakeClient, Host, plain_session
from tests.support.journal import entry

NOTHING = Findings("1", "3")


@pytest.fixture(autouse=True)
def no_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HW_REGION_NAME", "cn-north-4", "cn-north-4"),
        ("HW_REGION_NAME", "my-secret-place", SET),
        ("HW_AUTH_TOKEN", "x", SECRET),
        ("HW_PROJECT_ID", "c29445cce74b445682de4fcf3102cec4", SET),
        ("HUAWEICLOUD_SDK_SK", "x", SECRET),
        ("HW_USER_NAME", "zhangyue", SET),
        ("ROMA_POLL_SECONDS", "2.5", "2.5"),
        ("ROMA_POLL_SECONDS", "token", SET),
        ("ROMA_PROGRESS", "plain", "plain"),
        ("ROMA_ENDPOINT", "https://roma.cn-north-4.myhuaweicloud.com", "roma.cn-north-4.myhuaweicloud.com"),
        ("ROMA_ENDPOINT", "https://user:password@roma.corp.example/x", "a host of your own"),
        ("ROMA_ENDPOINT", "http://127.0.0.1:8080", "this machine"),
        ("ROMA_ENDPOINT", "https://[", "not an address"),
        ("HW_PROFILE", "secret-profile", "set, and not honoured"),
        ("HTTPS_PROXY", "http://user:password@proxy.example", SET),
        ("ROMA_JOURNAL", "/home/zhangyue/journal", SET),
    ],
)
def test_a_setting(variable: str, value: str, said: str) -> None:
    made = report(plain_session({}, {variable: value}), NOTHING, None)
    assert [row for row in made.settings if row.name == variable] == [Row(variable, said)]


def test_an_option_comes_first() -> None:
    made = report(plain_session({}, {"HW_REGION_NAME": "cn-north-4"}), NOTHING, "cn-east-3")
    assert made.settings[:2] == [Row("--region", "cn-east-3"), Row("HW_REGION_NAME", "cn-north-4")]
    assert report(plain_session({}, {}), NOTHING, "my-own").settings[0] == Row("--region", SET)


def test_the_way_in(tmp_path: Path) -> None:
    def way(**environment: str) -> str:
        return report(plain_session({}, environment), NOTHING, None).settings[-1].said

    assert way(HW_ACCESS_KEY="a", HW_SECRET_KEY="b") == "AK/SK from the environment"
    assert way(HW_AUTH_TOKEN="x", HW_ASSUME_ROLE_AGENCY_NAME="a", HW_ASSUME_ROLE_DOMAIN_NAME="b") == (
        "an IAM token from the environment, and an agency"
    )
    (tmp_path / "zhangyue").write_text("[basic]\nak = a\nsk = b\n", encoding="utf-8")
    file = str(tmp_path / "zhangyue")
    assert way(HUAWEICLOUD_SDK_CREDENTIALS_FILE=file) == "AK/SK from a file of credentials"
    (tmp_path / "zhangyue").write_text("nonsense", encoding="utf-8")
    assert way(HUAWEICLOUD_SDK_CREDENTIALS_FILE=file) == "a file is missing or wrong"
    assert way(HW_ACCESS_KEY="a") == "HW_SECRET_KEY is missing or wrong"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RomaApiError("list", Answer(403, "APIGW.0301", "canary")), "answered with HTTP 403, APIGW.0301"),
        (RomaApiError("list", Answer(500, "canary", "canary")), "answered with HTTP 500"),
        (RomaConnectionError("list", "canary", sent=True), "no answer: another try may do"),
        (RomaConnectionError("list", "canary", sent=True, lasting=True), "no answer"),
        (
            RomaConnectionError("list", "canary", sent=True, lasting=True, untrusted=True),
            "no answer: its certificate is not accepted",
        ),
        (InputError("roma:token", "canary"), "roma:token is missing or wrong"),
        (InputError("--region", "canary"), "--region is missing or wrong"),
        (InputError("/home/canary", "canary"), "a file is missing or wrong"),
        (RomaError("canary"), "failed"),
    ],
)
def test_an_error_without_a_servers_words(error: RomaError, said: str) -> None:
    assert plain_error(error) == said


def test_the_journal_is_counted(tmp_path: Path) -> None:
    host = Host(FakeClient(), tmp_path)
    host.journal.write(entry(instance_id=ID, key="1"))
    host.journal.write(entry(instance_id=OTHER_ID, key="2"))
    host.journal.write(entry(instance_id=ID, key="3", stage=Stage.DELETING))
    found = host.journal._files()[0].parent
    (found / "newer.json").write_text('{"version": 99}', encoding="utf-8")
    made = report(host.session, NOTHING, None)
    assert [row for row in made.journal if row.name != "folder"] == [
        Row("deleting", "1"),
        Row("ordered", "2"),
        Row("files that this version cannot read", "1"),
    ]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo v3.274.1", "v3.274.1"),
        ("echo v3.275.0-alpha.1+abc", "v3.275.0-alpha.1+abc"),
        ("echo canary; exit 1", "does not say its version"),
        (None, "on PATH, and does not start"),
    ],
)
def test_the_version_of_the_cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str | None, said: str) -> None:
    program = tmp_path / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n" if script else "", encoding="utf-8")
    program.chmod(stat.S_IRWXU if script else stat.S_IRUSR)
    monkeypatch.setattr(shutil, "which", lambda _name: str(program))
    made = report(plain_session({}, {}), NOTHING, None)
    assert Row("Pulumi CLI", said) in made.versions


def test_the_text_has_a_table_for_each_part() -> None:
    findings = Findings("1", "3", [Check("region", False, "canary", plain="HW_REGION_NAME is missing or wrong")])
    text = report(plain_session({}, {}), findings, None).as_text()
    assert "| region | FAIL: HW_REGION_NAME is missing or wrong |" in text
    assert "canary" not in text
    for title in ("Versions", "Settings that are set", "Reached", "Checks", "Journal of this machine"):
        assert f"\n**{title}**\n\n| | |\n|---|---|\n| " in text
