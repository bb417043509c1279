"""A comment as a whole: what real previews become, what hostile ones do not, and that it always has room."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.summary import Summary
from tests.support import previews
from tests.support.digest import NOW, STACK_URN, digest, document, replacement, step, told, urn
from tests.support.fakes import ID
from tests.support.markdown import HOSTILE, assert_tame

REFUSED = "There is no API to change 'name': do it in the ROMA Connect console first, or `pulumi up` fails"


def comment(folder: Path, given: Any, most: int = 65_000, name: str | None = None) -> str:
    return Summary(document(folder, given), name).text(NOW, most)


class TestGoldenPreviews:
    """The JSON is that of the real engine (tests/engine/test_previews*.py hold it)."""

    @pytest.mark.parametrize("name", previews.names())
    def test_the_comment_is_as_it_was(self, name: str) -> None:
        kept = (previews.FOLDER / f"{name}.md").read_text(encoding="utf-8")
        assert previews.comment(name) == kept, "if it ought to differ: python -m tests.support.previews"
        assert_tame(kept)

    def test_there_is_one_for_each_document_and_no_other(self) -> None:
        assert sorted(path.stem for path in previews.FOLDER.glob("*.md")) == previews.names()
        documents = {path.stem for path in (previews.FOLDER.parents[2] / "docs" / "previews").glob("*.md")}
        assert documents - {"README"} <= set(previews.names())

    @pytest.mark.parametrize("name", previews.names())
    def test_what_each_has_to_say(self, name: str) -> None:
        text = previews.comment(name)
        data = json.loads((previews.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        said = " ".join(one["message"] for one in data.get("diagnostics", ()))
        assert ("**The preview failed.**" in text) == any(
            one["severity"] == "error" for one in data.get("diagnostics", ())
        )
        is_lost = "deletes it with everything inside it, for good" in said or name == "pull-request-deleted"
        assert ("> **1 instance would be deleted for good, with everything inside" in text) == is_lost
        refused = any(words in said for words in ("`pulumi up` fails", "`pulumi up` will fail"))
        assert ("**but will be refused**" in text) == refused
        assert ("resumes at 50 %" in text) == ("is still being created" in said)
        assert ("is adopted" in text) == ("adopts instance" in said)


def test_errors_come_first_then_what_is_lost_then_the_rest(tmp_path: Path) -> None:
    printed = told("printed", "info", of="")
    stray = told("look here", of="")
    given = digest(replacement(), diagnostics=[printed, stray, told("bad"), told("worse", "error")])
    text = comment(tmp_path, given)
    places = [
        text.index(part)
        for part in (
            "<!-- roma-preview-summary shop/prod -->\n### Pulumi preview of `shop/prod`\n",
            "**The preview failed.** Before that: 1 replaced.",
            "> [!CAUTION]\n> **1 error.** What else is said here may not be all that would change.\n>\n"
            "> - `integration` (`roma:Instance`): worse\n",
            "> [!CAUTION]\n> **1 instance would be deleted for good, with everything inside.**\n>\n> - **`roma-2222`**",
            "#### `integration` (`roma:Instance`) is replaced\n\n- **Warning:** bad\n- `vpc_id`: ",
            "#### Warnings\n\n- look here\n",
            "<details><summary>Other messages: 1</summary>\n\n- printed\n\n</details>",
        )
    ]
    assert places == sorted(places)
    assert "worse" not in text[places[3] :]


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        (digest(), "**Nothing changes.** 1 unchanged."),
        (digest({"op": "same", "urn": STACK_URN}), "**Nothing changes.**"),
        (digest({"op": "same", "urn": STACK_URN}, changeSummary={"same": 4}), "**Nothing changes.** 3 unchanged."),
        (digest(step("create", new={})), "**1 created.** 1 unchanged."),
        (digest(replacement(), {**step("create"), "urn": "x"}), "**1 replaced, 1 created.** 1 unchanged."),
        (digest(step("conjure"), changeSummary={}), "**1 other.**"),
        (digest(diagnostics=[told("x", "error")]), "**The preview failed.** It came to no change before that."),
        ({}, "**The preview failed.** It came to no change before that."),
    ],
)
def test_headlines(tmp_path: Path, given: Any, headline: str) -> None:
    assert comment(tmp_path, given).splitlines()[3] == headline


def test_the_stack_is_found_in_any_urn_or_given(tmp_path: Path) -> None:
    by_message = digest(diagnostics=[told("x", of=""), told("y")])
    assert comment(tmp_path, by_message).splitlines()[:2] == [
        "<!-- roma-preview-summary shop/prod -->",
        "### Pulumi preview of `shop/prod`",
    ]
    assert comment(tmp_path, {}).splitlines()[:2] == ["<!-- roma-preview-summary  -->", "### Pulumi preview"]
    assert comment(tmp_path, by_message, name="web/dev").splitlines()[:2] == [
        "<!-- roma-preview-summary web/dev -->",
        "### Pulumi preview of `web/dev`",
    ]


def test_a_preview_that_broke_off_says_so(tmp_path: Path) -> None:
    text = comment(tmp_path, {"steps": [step("update", {}, {})]})
    assert "**The preview failed.** Before that: 1 updated." in text
    assert "> - The preview did not come to its end: " in text


def test_a_failure_that_the_json_does_not_say(tmp_path: Path) -> None:
    text = Summary(document(tmp_path, digest(replacement())), code=3).text(NOW, 65_000)
    assert "**The preview failed.** Before that: 1 replaced." in text
    assert "> - pulumi exited with code 3, and the JSON of the preview has no error. " in text
    said = Summary(document(tmp_path, digest(diagnostics=[told("bad", "error")])), code=1).text(NOW, 65_000)
    assert "exited with" not in said


def test_what_the_engine_counts_and_has_no_step_of(tmp_path: Path) -> None:
    """As `pulumi refresh --preview-only --json` has it for what was changed in the console."""
    stack = {"op": "create", "urn": STACK_URN}
    counts = {"same": 2, "update": 3, "delete": 1, "create": 1, "refresh": 9}
    text = comment(tmp_path, digest(stack, step("refresh", {}, {}), step("update", {}, {}), changeSummary=counts))
    assert text.splitlines()[3] == "**1 deleted, 3 updated.** 2 unchanged."
    untold = "the JSON does not say which. `--diff` in place of `--json` shows all"
    assert text.endswith(f"#### Warnings\n\n- 2 more would be updated: {untold}\n- 1 more would be deleted: {untold}")


@pytest.mark.parametrize("bad", ["{}", '{"changeSummary": {"same": 1}}', '{"diagnostics": [{"message": "boom"}]}'])
def test_nearly_empty_documents(tmp_path: Path, bad: str) -> None:
    text = comment(tmp_path, json.loads(bad))
    assert ("**The preview failed.**" in text) == ("changeSummary" not in bad)
    assert ("boom" in text) == ("boom" in bad)


def test_every_message_is_shown_once(tmp_path: Path) -> None:
    words = [f"word{letter}" for letter in "abcdefgh"]
    places = [urn(), urn("other"), "", STACK_URN]
    diagnostics = [
        told(word, severity, of)
        for word, (severity, of) in zip(
            words, [(severity, of) for severity in ("warning", "info") for of in places], strict=True
        )
    ]
    text = comment(tmp_path, digest(replacement(), diagnostics=diagnostics))
    assert [text.count(word) for word in words] == [1] * 8


def test_a_deleted_resource_is_in_the_box_alone_unless_there_is_more_to_say(tmp_path: Path) -> None:
    gone = step("delete", {})
    assert "####" not in comment(tmp_path, digest(gone))
    assert "#### `integration` (`roma:Instance`) is deleted\n\n- **Warning:** x" in comment(
        tmp_path, digest(gone, diagnostics=[told("x")])
    )


@pytest.mark.parametrize(
    ("old", "kind", "title"),
    [
        ({"retainOnDelete": True}, "WARNING", "Deleted or forgotten, and nothing is lost by it."),
        ({"outputs": {"status": "CREATE_FAILED"}}, "NOTE", "Deleted or forgotten, and nothing is lost by it."),
        ({}, "CAUTION", "1 instance would be deleted for good, with everything inside."),
    ],
)
def test_boxes(tmp_path: Path, old: dict[str, Any], kind: str, title: str) -> None:
    assert f"> [!{kind}]\n> **{title}**\n" in comment(tmp_path, digest(step("delete", old)))


def hostile_document(text: str) -> dict[str, Any]:
    """With the text wherever one can be."""
    values = {"name": text, text: text, "list": [text], "map": {text: text}, "connect_address": text, "status": text}
    state = {"id": text, "inputs": values, "outputs": values, "initErrors": [text]}
    about = {"replaceReasons": [text], "diffReasons": [text, "name"], "oldState": state}
    paths = {text: {"kind": text, "inputDiff": True}, "name": {"kind": "update", "inputDiff": False}}
    steps = [
        {"op": op, "urn": of, "newState": {"inputs": {**values, "name": f"{text}2"}}, **about, **more}
        for number, op in enumerate(("replace", "delete", "update", "create", "import", text))
        for of, more in ((urn(f"{text}{number}"), {"detailedDiff": paths}), (urn(f"{number}{text}", text), {}))
    ]
    severities = ("error", "warning", "info", text)
    diagnostics = [
        told(f"{before}{text}", severity, of)
        for severity in severities
        for of in (urn(f"{text}0"), "", text)
        for before in ("", "one\n", "adopts instance ", "one\n  * ")
    ]
    return digest(*steps, diagnostics=diagnostics, changeSummary={text: 1, "same": 1}, config={text: text})


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", [None, "hostile"])
def test_hostile_texts_do_nothing_wherever_they_are(tmp_path: Path, text: str, name: str | None) -> None:
    found = comment(tmp_path, hostile_document(text), 30_000, text if name else None)
    assert_tame(found)
    for character in "\x1b\r\x00\x07\u202e\u2066\u200b\x85\u2028\ud800":
        assert character not in found
    assert found.count("<details>") == found.count("</details>\n") + found.endswith("</details>") or "details" in text
    assert all(not line.startswith("::") and "##[" not in line and "##vso[" not in line for line in found.splitlines())


@pytest.mark.parametrize("most", [4_000, 10_000, 65_000])
def test_however_large_it_has_room(tmp_path: Path, most: int) -> None:
    chance = random.Random(most)
    words = ["vpc", "é" * 50, "😀" * 30, "a_b", "`", "@all", "x" * 300]

    def some(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    steps = []
    for number in range(200):
        op = chance.choice(["replace", "delete", "update", "create"])
        inputs = {some(1): some(9) for _ in range(20)}
        found = step(op, {"inputs": {}}, {"inputs": inputs})
        steps.append({**found, "urn": urn(f"{number}{some(4)}"), "diffReasons": ["x"]})
    diagnostics = [
        told(some(200) + "\n" + some(50), severity, of)
        for severity in ("error", "warning", "info")
        for of in (steps[0]["urn"], "")
        for _ in range(60)
    ]
    text = comment(tmp_path, digest(*steps, diagnostics=diagnostics), most)
    assert len(text.encode()) <= most
    assert_tame(text)
    lost = sum(one["op"] in ("replace", "delete") for one in steps)
    assert f"**{lost} instances would be deleted for good, with everything inside.**" in text
    assert "> **120 errors.**" in text
    assert text.splitlines()[-1].endswith(f"to stay within {most} bytes. `pulumi preview --diff` shows all.")
    assert text.count(f"(id `{ID}`") >= 1
    if most == 65_000:
        assert text.count(f"(id `{ID}`") > 20
        assert len(text.encode()) > most * 0.8


def test_what_matters_least_goes_first(tmp_path: Path) -> None:
    many = [{**step("create", new={"inputs": {"a": "x" * 190}}), "urn": urn(f"n{number}")} for number in range(50)]
    refused = {**step("update", {}, {}), "urn": urn("last")}
    printed = [told(f"printed {number}", "info", of="") for number in range(50)]
    said = [*printed, told(REFUSED, of=urn("last")), told("bad", "error")]
    given = digest(*many, refused, replacement(), diagnostics=said)
    assert "left out" not in comment(tmp_path, given)
    text = comment(tmp_path, given, 5_000)
    for part in (
        "bad",
        "**`roma-2222`**",
        "is replaced",
        "`last` (`roma:Instance`) is updated, **but will be refused**",
    ):
        assert part in text
    assert "printed" not in text
    assert "- … and 50 more." in text
    shown = text.count("is created")
    assert 0 < shown < 50
    assert f"… and {50 - shown} more resources that change." in text
    assert f"---\n{100 - shown} entries are left out, to stay within 5000 bytes." in text
