"""examples/pull-request-preview as it stands: its script on the real engine, as a job of CI runs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import golden_json
from tests.engine.golden import IDS, Scene
from tests.engine.harness import ROOT, Engine
from tests.engine.running import Run, Running
from tests.engine.story import assert_clean

EXAMPLE = ROOT / "examples" / "pull-request-preview"
PROGRAM = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
OTHER = "a-zone-of-another-name"


@pytest.fixture(scope="module")
def scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The example's instance, which may be deleted; previews leave it as it is."""
    with Scene.open(engine, tmp_path_factory.mktemp("pull-request"), PROGRAM) as opened:
        for name in ("preview.sh", "Pulumi.fork.yaml"):
            shutil.copy(EXAMPLE / name, opened.stack.folder)
        opened.stack.config("protect", "false")
        opened.up()
        yield opened


def job(scene: Scene, expect: int, **environment: str) -> tuple[Run, str]:
    """What a job of CI runs, and the comment that it makes."""
    shell = {**scene.stack.environment, "STACK": scene.stack.stack, **environment}
    with Running(["sh", "preview.sh"], scene.stack.folder, shell) as running:
        ran = running.wait(expect=expect)
    assert_clean(ran.text)
    return ran, (scene.stack.folder / "comment.md").read_text(encoding="utf-8")


def printed(scene: Scene) -> str:
    """The JSON of the preview, without the folder of this machine."""
    text = (scene.stack.folder / "preview.json").read_text(encoding="utf-8")
    return text.replace(str(scene.stack.folder), "/project")


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_a_change_that_replaces(scene: Scene, update_goldens: bool) -> None:
    scene.stack.write(PROGRAM.replace("az0.dc0", OTHER))
    _, text = job(scene, expect=0)
    assert lines(text)[:4] == [
        "<!-- roma-preview-summary prod -->",
        "### Pulumi preview of `prod`",
        "",
        "**1 replaced.**",
    ]
    assert "> [!CAUTION]\n> **1 instance would be deleted for good, with everything inside.**" in text
    assert f"(id `{IDS[0]}`, `roma:Instance` `integration`, address `10." in text
    assert f'- `available_zones[0]`: `"az0.dc0"` → `"{OTHER}"` — **a reason to replace it**\n' in text
    golden_json.kept("pull-request-replaced", printed(scene), update_goldens)


def test_an_instance_that_leaves_the_program(scene: Scene, update_goldens: bool) -> None:
    scene.stack.write("import pulumi\n")
    _, text = job(scene, expect=0, NAME="shop/prod")
    assert lines(text)[0] == "<!-- roma-preview-summary shop/prod -->"
    assert "> **1 instance would be deleted for good, with everything inside.**" in text
    assert ", status `RUNNING`, deleted)\n" in text
    golden_json.kept("pull-request-deleted", printed(scene), update_goldens)


def test_a_program_that_fails(scene: Scene, update_goldens: bool) -> None:
    scene.stack.write('import pulumi\n\nraise ValueError("no `x`, @all <!--")\n')
    _, text = job(scene, expect=1)
    assert "**The preview failed.** It came to no change before that." in text
    assert "> - Program failed with an unhandled exception:\n>\n>   ```text\n" in text
    assert ">   ValueError: no `x`, @all <!--\n>   ```\n" in text
    golden_json.kept("pull-request-failed", printed(scene), update_goldens)


def test_without_a_preview_the_comment_does_not_show_the_last_one(scene: Scene) -> None:
    ran, text = job(scene, 6, STACK="nosuch")
    assert "no stack named 'nosuch' found" in ran.text
    assert "roma: FILE: preview.json is empty: pulumi ended before the preview" in ran.text
    assert lines(text)[:4] == [
        "<!-- roma-preview-summary nosuch -->",
        "### Pulumi preview of `nosuch`",
        "",
        "**The preview failed.** It came to no change before that.",
    ]
    assert "> - The preview did not come to its end: " in text


def test_a_fork_gets_no_secret_and_sees_what_its_program_would_make(scene: Scene, tmp_path: Path) -> None:
    """An own folder, since the script makes a stack. What it has of the environment is no way to sign in."""
    shutil.copytree(scene.stack.folder, tmp_path / "fork")
    (tmp_path / "fork" / "__main__.py").write_text(PROGRAM)
    own = {key for key in scene.stack.environment if key.startswith(("HW_", "ROMA_"))}
    no_secrets = dict.fromkeys([*own, "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"], "") | {"STACK": "prod"}
    shell = {**scene.stack.environment, **no_secrets, "TMPDIR": str(tmp_path)}
    with Running(["sh", "preview.sh"], tmp_path / "fork", shell) as running:
        ran = running.wait(expect=0)
    text = (tmp_path / "fork" / "comment.md").read_text(encoding="utf-8")
    assert_clean(ran.text)
    assert lines(text)[1:4] == ["### Pulumi preview of `prod, without the state`", "", "**1 created.**"]
    assert "no way to sign in is given" in text
