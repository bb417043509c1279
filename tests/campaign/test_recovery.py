"""The rules of the recovery fit what the provider says: a message that reads otherwise would leave trials stuck."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roma_provider.cli.journal import OPEN, run
from roma_provider.cli.output import Output
from roma_provider.lifecycle import strays
from roma_provider.lifecycle.journal import Entry, Stage
from roma_provider.lifecycle.names import Name
from tests.campaign.recovery import LEFT_OPEN, RULES, Recovery
from tests.engine.hosts import HOSTS
from tests.engine.hosts import Host as EngineHost
from tests.support.fakes import ID, PROJECT, FakeClient, Host, inputs, summary
from tests.support.journal import entry

NAME = Name("alpha-more", PROJECT, inputs(name="alpha-more"))
ENTRY = Entry(
    urn="urn:pulumi:dev::test::pulumi-python:dynamic/roma:Instance::alpha-more",
    region="cn-north-4",
    project_id=PROJECT,
    name="alpha-more",
    folder="/programs",
    arguments="",
    posted_at=0.0,
    key="0ac7aab0afc54639",
)
LOCKED = "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete …"
PENDING = (
    "Once you have confirmed the status of the interrupted operations, you can repair your stack using `pulumi refresh`"
)


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize(
    ("text", "remedy", "groups"),
    [
        (LOCKED, Recovery.unlock, ()),
        (NAME.taken(summary(ID, "alpha-more"), 0.0, ordered_here=True), Recovery.adopt, ("alpha-more", ID)),
        (NAME.ordered_already(ID), Recovery.adopt, ("alpha-more", ID)),
        (NAME.unclear_until("12:00:00 UTC", ENTRY.key), Recovery.forget_unclear, ("alpha-more", ENTRY.key)),
        (f"{strays._what(ENTRY, ID)}. {strays.ways(ID)}", Recovery.settle_order, (ID, "alpha-more")),
        (f"{strays._what(ENTRY, None)}. {strays.ways(ENTRY.key)}", Recovery.settle_intent, (ENTRY.key,)),
        (PENDING, Recovery.refresh, ()),
        (NAME.unclear("it broke"), Recovery.repeat, ()),
        (NAME.busy(), Recovery.repeat, ()),
    ],
)
def test_a_message_leads_to_its_remedy(host: EngineHost, text: str, remedy: object, groups: tuple[str, ...]) -> None:
    said = host.said(text)
    fitting = [(does, found.groups()) for shape, _, does in RULES if (found := re.search(shape, said, re.DOTALL))]
    assert fitting[0] == (remedy, groups)


def test_the_journal_is_read_by_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = Host(FakeClient(lists=[[summary(ID, "alpha-more")]]), tmp_path)
    for key, answered in (("1", False), ("2", True)):
        host.journal.write(entry(urn=ENTRY.urn, instance_id=ID, key=key, answered=answered))
    host.journal.write(entry(urn=ENTRY.urn, instance_id=ID, key="3", stage=Stage.DELETING))
    assert run(host.session, Output()) == OPEN
    assert LEFT_OPEN.findall(capsys.readouterr().out) == [(ID, "alpha-more"), (ID, "alpha-more")]
