"""What a message means. Our own are told by their words, so here are the words as the code makes them."""

from __future__ import annotations

import pytest

from roma_provider.cli.preview.diagnostics import Meaning, Message, messages
from roma_provider.cli.preview.document import Diagnostic
from roma_provider.lifecycle.remedies import OWNED, REFERENCED, Remedies
from roma_provider.schema.diff import Difference, foretell
from tests.support.digest import urn
from tests.support.fakes import ID

OTHER = urn("x", "shop:Note")


def told(text: str, severity: str = "warning", of: str = urn()) -> Message:
    [found] = messages([Diagnostic(severity, text, of)])
    return found


@pytest.mark.parametrize("keys", [["name"], ["mqs"], ["rcu"], ["name", "mqs"]])
def test_an_update_that_no_api_makes_will_be_refused(keys: list[str]) -> None:
    text = foretell(urn(), ID, Difference([], keys)) or ""
    assert told(f"warning: {text}\n") == Message(Meaning.REFUSED, text, urn())
    # Only where the provider says it of its own.
    assert told(text, of=OTHER).meaning is Meaning.WARNING
    assert told(text, of="").meaning is Meaning.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "`pulumi up` will fail: an instance named 'x' exists already",
        "as it is now, `pulumi up` will fail: none has the name",
        "instance 1 is named 'a' now, and not 'b'. `pulumi up` fails, and says which instance has that name",
    ],
)
def test_what_else_will_be_refused(text: str) -> None:
    assert told(text).meaning is Meaning.REFUSED


@pytest.mark.parametrize("remedies", [OWNED, REFERENCED])
def test_a_wait_that_is_resumed(remedies: Remedies) -> None:
    words = remedies.resumes
    text = f"instance {ID} is still being created (50%: mqs done, lvs 20%); `pulumi up` {words}"
    assert told(text) == Message(Meaning.RESUMES, text, urn(), 50)
    unknown = f"instance {ID} is still being created (creating); `pulumi up` {words}"
    assert told(unknown) == Message(Meaning.RESUMES, unknown, urn())


@pytest.mark.parametrize(
    ("severity", "text", "of", "meaning"),
    [
        ("error", "error: bad", urn(), Meaning.ERROR),
        ("error", "bad", "", Meaning.ERROR),
        ("warning", "warning: something", urn(), Meaning.WARNING),
        ("info", f"adopts instance {ID} (RUNNING); nothing is ordered", urn(), Meaning.ADOPTS),
        ("info", f"refers to instance {ID}", urn(), Meaning.NOTE),
        ("info", "adopts instance 1", OTHER, Meaning.OTHER),
        ("info", "printed", "", Meaning.OTHER),
        ("info#err", "printed", "", Meaning.OTHER),
        ("", "printed", "", Meaning.OTHER),
    ],
)
def test_severities(severity: str, text: str, of: str, meaning: Meaning) -> None:
    assert told(text, severity, of).meaning is meaning


def test_what_the_engine_begins_with_is_left_out() -> None:
    for kind in ("pulumi-python:dynamic/roma:Instance", "roma:Instance"):
        text = f"error: {kind} resource 'integration': property a has a problem: b\n"
        assert told(text, "error").text == "property a has a problem: b"
    assert told("shop:Note resource 'y': z", of=OTHER).text == "shop:Note resource 'y': z"


def test_each_once_for_a_resource_and_none_that_is_empty() -> None:
    given = [Diagnostic("warning", text, of) for of in (urn(), OTHER) for text in ("a", "warning: a\n", " \n", "")]
    assert [(one.text, one.urn) for one in messages(given)] == [("a", urn()), ("a", OTHER)]


def test_the_end_of_the_monitor_is_no_error_beside_another_one() -> None:
    ended = Diagnostic("error", "error: Resource monitor has terminated, shutting down", "")
    other = Diagnostic("error", "error: a bad argument", urn())
    warning = Diagnostic("warning", "something", urn())
    assert [message.text for message in messages([other, ended])] == ["a bad argument"]
    assert [message.meaning for message in messages([warning, ended])] == [Meaning.WARNING, Meaning.ERROR]
