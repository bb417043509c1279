"""Every fenced block of the pages says who runs it, or why nobody does; and what holds without a run is held."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pages import marks
from tests.pages.blocks import Block, Blocks, blocks, pages, read, relative
from tests.pages.commands import commands
from tests.pages.output import compare, pattern


@pytest.mark.parametrize("page", pages(), ids=relative)
def test_every_block_of_a_page_is_run_or_says_why_not(page: Path) -> None:
    found = [block for block in blocks() if block.page == relative(page)]
    wrong = [f"{block}: {complaint}" for block in found for complaint in marks.complaints(block)]
    assert not wrong, "\n".join([*wrong, marks.help_text()])


def test_no_block_is_overlooked() -> None:
    for page in pages():
        fences = [line for line in page.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("```")]
        assert len(fences) == 2 * sum(block.page == relative(page) for block in blocks()), page


def test_what_is_written_for_a_shell_is_a_script() -> None:
    bash = shutil.which("bash")
    assert bash
    for block in blocks():
        if block.language == "sh":
            ran = subprocess.run([bash, "-n"], input=block.text, capture_output=True, text=True)
            assert (ran.returncode, ran.stderr) == (0, ""), block


# The marks themselves


def complaint(language: str, text: str, mark: str) -> str:
    """What is said of a block, as it would stand in a page."""
    [block] = read(f"words\n\n{mark}\n\n```{language}\n{text}\n```\n", "docs/page.md")
    assert str(block) == "docs/page.md:5"
    return "\n".join(marks.complaints(block))


@pytest.mark.parametrize(
    ("language", "text", "mark", "said"),
    [
        ("sh", "make up", "", "no mark, or none that is known: ''"),
        ("sh", "make up", "<!-- walk: test_nobody -->", "0 tests are called 'test_nobody'"),
        ("sh", "make up", "<!-- walk: test_no_block_is_overlooked -->", "takes none of the fixtures"),
        ("", "make up", "<!-- walk: test_no_block_is_overlooked -->", "its language is ''"),
        ("sh", "make up", "<!-- not run: it is long -->", "'it is long' is no reason not to run it; these are: needs"),
        ("sh", "pulumi up", "<!-- not run: needs an account -->", "nothing in it needs an account: have a test walk"),
        ("sh", "roma list", "<!-- not run: takes minutes -->", "nothing in it takes minutes"),
        (
            "sh",
            "pulumi config set --secret roma:token x",
            "<!-- not run: waits for a person -->",
            "nothing in it waits",
        ),
        ("sh", "pulumi up", "<!-- as in: docs/teams.md -->", "no walked block of docs/teams.md has the same commands"),
        ("text", "x = 1", "<!-- part of: examples/yaml/Pulumi.yaml -->", "it does not stand so in"),
        ("text", "made", "<!-- output -->", "an output stands right behind the walked block"),
        ("", "roma list [--al]", "<!-- synopsis -->", "`roma list` has no option --al"),
        ("python", "roma.Instance(…, wait=False", "<!-- walk: test_x -->", "line 1 of it is no Python: '(' was never"),
        ("yaml", "a: { b: ${c} }", "<!-- config: Pulumi.yaml -->", "it is no YAML: "),
        ("yaml", "a: 1", "<!-- config: Ansible -->", "write which file it is part of: Pulumi.yaml, "),
        ("yaml", "plugins: {provider: 1}", "<!-- config: Pulumi.yaml -->", "plugins.provider is no key"),
        (
            "yaml",
            "resources: {a: {type: 'roma:Instance', properties: {vpc: x}}}",
            "<!-- config: a program in YAML -->",
            "resources.a.properties.vpc: the schema has no such property",
        ),
        ("yaml", "env: {HW_KEY: x}", "<!-- config: a step of GitHub Actions -->", "no setting has the variable HW_KEY"),
        ("ini", "[basic]\nak = a", "<!-- config: the credentials file -->", "no secret key is given"),
        ("ini", "[basic]\nak = a\nsk = b\nid = c", "<!-- config: the credentials file -->", "id is not read"),
    ],
)
def test_a_mark_that_is_not_true(language: str, text: str, mark: str, said: str) -> None:
    if mark == "<!-- output -->":
        [_, block] = read(f"```sh\nmake up\n```\n\n{mark}\n\n```\n{text}\n```\n", "page.md")
        assert said in "\n".join(marks.complaints(block))
    else:
        assert said in complaint(language, text, mark)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rmoa list", "there is no command 'rmoa'"),
        ("roma lst", "there is no command `roma lst`"),
        ("roma list && roma list --expcet RUNNING", "`roma list` has no option --expcet"),
        ("roma-emulator run --databse x -- pulumi up", "unrecognized arguments: --databse"),
        ("roma-emulator run -- roma lst", "there is no command `roma lst`"),
        ("make upp", "the Makefile has no target upp"),
        ("make up SECONDS=3", "the Makefile has no variable SECONDS"),
        ('make test PYTEST_ARGUMENTS="tests/none.py -n 0"', "there is no tests/none.py"),
        (".venv/bin/python -m pytest tests/conftest.py::test_x", "tests/conftest.py has no test test_x"),
        ("python tools/none.py", "there is no file tools/none.py"),
        ("python -m tests.none", "there is no module tests.none"),
        ("terraform state pull > ../x/terraform.tfstate", "the shell empties a local state of Terraform's"),
        ("pulumi pu", "`pulumi pu` is not known"),
        ("pulumi config set roma:regoin x", "no setting has the config key roma:regoin"),
        ("export HW_ACESS_KEY=x", "no setting has the variable HW_ACESS_KEY"),
        ('eval "$(make envs)"', "the Makefile has no target envs"),
    ],
)
def test_a_command_that_is_not_there(text: str, said: str) -> None:
    assert said in complaint("sh", text, "<!-- not run: needs the net -->")


def test_the_commands_of_a_script() -> None:
    text = "a 'b; c' | d > file 2>&1 # not this\nX=1 e \\\n f; g <<<\"$h\" && i # j"
    assert commands(text) == [["a", "b; c"], ["d", "2"], ["X=1", "e", "f"], ["g"], ["i"]]


# What runs them


def test_a_test_has_the_blocks_that_name_it() -> None:
    named = [block for block in blocks() if block.kind in ("walk", "compared")]
    assert named
    own = Blocks(named[0].value)
    assert own.take(named[0].page)[0] == named[0]
    with pytest.raises(AssertionError, match=r"no block of README\.md is marked for test_nobody"):
        Blocks("test_nobody").take("README.md")
    with pytest.raises(AssertionError, match="is named by blocks that it does not run"):
        Blocks(named[0].value).finish()


def test_what_is_to_be_filled_in() -> None:
    [block] = read("```sh\na … # or …\nb … USER\n```\n", "page.md")
    assert block.filled("1", "2", words={"USER": "me"}).text == "a 1 # or …\nb 2 me\n"
    with pytest.raises(AssertionError, match="1: 2 places to fill in, 1 values"):
        block.filled("1")
    with pytest.raises(AssertionError, match="1: no HOST"):
        block.filled("1", "2", words={"HOST": "me"})


def test_an_output_and_what_may_vary_in_it() -> None:
    block = Block("page.md", 3, "", "made in 8 s\nat 10.0.0.1, …\n", "output", "times, addresses vary")
    compare(block, "first\n  made in 0.2 s\nother\nat 10.3.2.1, gone\n")
    with pytest.raises(AssertionError, match=r"page.md:3: not printed \(any more\): at 10.0.0.1, …"):
        compare(block, "at 10.3.2.1, gone\nmade in 8 s\n")
    assert not pattern("8 parts", ["times"]).fullmatch("9 parts")
