"""README.md and docs/teams.md on a stack of several members, and docs/signing-in.md, on the quickstart; and what `roma`
writes for scripts and issues."""

from __future__ import annotations

import json
import shlex
import shutil

from roma_provider.emulator import (
    ACCESS_KEY,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
)
from tests.engine.walks.reader import AS_AN_ACCOUNT, BESIDE, Reader

NEW = "pulumi new CLONE/examples/quickstart --dir {0} --generate-only --yes && cd {0} && git init --quiet"
BACKEND = "file://$HOME/pulumi-state"
LOGIN = f'mkdir -p ~/pulumi-state && pulumi login "{BACKEND}"'
SERVER = "'postgres://USER@HOST/DATABASE?sslmode=verify-full'"
ID = '"$(pulumi stack output instance_id)"'


def test_in_a_team(reader: Reader) -> None:
    """A folder of this machine stands for the server. (test_shared_backends.py has a real one.)"""
    [readme] = reader.page("README.md")
    start, job, after_a_kill, drift = reader.page("docs/teams.md")
    [comment] = reader.page("docs/pull-requests.md")

    ours = readme.filled(words={SERVER: f'"{BACKEND}"', "ID": ID})
    run = reader.types("mkdir -p ~/pulumi-state", NEW.format("ours"), BESIDE, ours)
    [instance] = reader.resources("roma-quickstart", "roma:Instance")
    assert f"{instance['id']}\troma-2222\tRUNNING" in run.stdout
    assert "### Pulumi preview of `roma-quickstart/dev`\n\n**Nothing changes.** " in run.stdout
    assert staged(reader, "ours") == ["Pulumi.dev.yaml", "Pulumi.yaml", "__main__.py", "requirements.txt"]

    theirs = "pulumi config set name theirs"
    another = start.filled(words={"stack init dev": "stack init theirs", "Pulumi.dev.yaml": "Pulumi.theirs.yaml"})
    reader.types(NEW.format("theirs"), another, BESIDE, theirs, job)
    assert "a stack" in reader.types("git log", below="theirs").stdout
    checked = drift.filled(words={"ID…": ID})
    run = reader.types(BESIDE, after_a_kill, checked, comment, below="theirs")
    assert "open  " not in run.text
    assert json.loads((reader.folder / "theirs" / "preview.json").read_text())["changeSummary"] == {"same": 2}
    summary = (reader.folder / "theirs" / "comment.md").read_text()
    assert summary.startswith("<!-- roma-preview-summary roma-quickstart/theirs -->\n")


def staged(reader: Reader, folder: str) -> list[str]:
    return reader.types("git diff --cached --name-only", below=folder).stdout.split()


def test_signing_in(reader: Reader) -> None:
    agency, laptop, machine = reader.page("docs/signing-in.md")
    keys = reader.home / ".huaweicloud" / "credentials"
    keys.parent.mkdir()
    keys.write_text(f"[basic]\nak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n")
    reader.types(LOGIN, NEW.format("laptop"), "pulumi stack init dev", BESIDE, AS_AN_ACCOUNT, laptop)
    [made] = reader.resources("roma-quickstart", "roma:Instance")
    assert made["outputs"]["status"] == "RUNNING"

    signed = agency.filled(ACCESS_KEY, SECRET_KEY)
    own = ["pulumi stack init other", "pulumi config set roma:region cn-north-4", "pulumi config set name other"]
    reader.types(BESIDE, AS_AN_ACCOUNT, *own, signed, "pulumi up", below="laptop")
    [made] = reader.resources("roma-quickstart", "roma:Instance", "other")
    assert made["outputs"]["user_name"] == "their-account/deployers"

    # The machine's own service of keys is played; what is made of its answer is not.
    temporary = {"access": TEMPORARY_ACCESS_KEY, "secret": TEMPORARY_SECRET_KEY, "securitytoken": SECURITY_TOKEN}
    reader.plays("curl", f"echo {shlex.quote(json.dumps({'credential': temporary}))}")
    keys.unlink()
    run = reader.types(
        "pulumi stack select dev", BESIDE, AS_AN_ACCOUNT, machine, "roma doctor --region cn-north-4", below="laptop"
    )
    assert "2 unchanged" in run.text
    assert "HW_SECURITY_TOKEN" in run.text


def test_what_roma_writes_for_scripts_and_issues(reader: Reader) -> None:
    """Where there is no `jq`, its part is left out: it is none of ours."""
    [record] = reader.page("docs/assumptions.md")
    ids, report, completion = reader.page("docs/scripts.md")
    if shutil.which("jq") is None:
        reader.plays("jq", "cat")
    run = reader.types(BESIDE, record, report, completion, "complete -p roma", ids)
    assert "-F _roma_completion roma" in run.text
    recorded = json.loads((reader.folder / "answers.json").read_text())
    assert {exchange["request"]["method"] for exchange in recorded["exchanges"]} == {"GET"}
    assert (reader.folder / "report.md").read_text().startswith("### roma doctor --report")
    assert "#compdef roma" in (reader.home / ".zfunc" / "_roma").read_text()
    assert "roma" in (reader.home / ".config" / "fish" / "completions" / "roma.fish").read_text()
