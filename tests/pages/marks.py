"""What may stand in the comment before a block, and what each mark is held against.

A mark is a claim: `<!-- not run: needs an account -->` is false where nothing in the block is an account's.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml  # type: ignore[import-untyped]

from roma_provider.config import credentials, keys
from roma_provider.errors import RomaError
from tests.pages import commands
from tests.pages.blocks import FILL_IN, ROOT, Block, blocks, walked
from tests.pages.output import KINDS

SHELL, PYTHON, TEXT = ("sh",), ("python",), ("", "text", "json", "markdown")
DIAGRAM = "mermaid"  # needs no mark
FIXTURES = {"blocks", "reader", "in_clone"}  # which give a test the blocks that name it


def help_text() -> str:
    """What may be written before a block."""
    return f"""
Before each block stands one of these lines (tests/pages/marks.py):
    <!-- walk: TEST -->                a test types it, or runs the program
    <!-- output: times, ids vary -->   what the walked block right before it prints; may vary: {", ".join(KINDS)}
    <!-- compared: TEST -->            a test compares it with what is really shown
    <!-- as in: PAGE -->               the same commands are walked on that page
    <!-- part of: FILE -->             it stands so in that file
    <!-- synopsis -->                  how a command of ours is called
    <!-- config: WHAT -->              a part of a file: {", ".join(CONFIGS)}
    <!-- not run: REASON -->           {", ".join(REASONS)}
TEST takes the fixture `blocks`, or `reader` or `in_clone` of tests/engine/walks, and gets its blocks from there."""


def complaints(block: Block) -> Iterator[str]:
    """What is wrong with a block and its mark."""
    if block.language == DIAGRAM and not block.kind:
        return
    if block.kind not in MARKS:
        yield f"no mark, or none that is known: {block.kind!r}"
        return
    languages, check = MARKS[block.kind]
    if block.language not in languages:
        yield f"its language is {block.language!r}, and a block that is marked `{block.kind}` has one of {languages}"
    if block.language in SHELL and block.kind != "synopsis":
        yield from commands.complaints(block.text)
    if block.language in PYTHON:
        yield from _no_program(block)
    yield from check(block)


def _no_program(block: Block) -> Iterator[str]:
    """What is left out of a program are arguments."""
    try:
        ast.parse(re.sub(rf"(?<!\"){FILL_IN}", "**rest", block.text))
    except SyntaxError as error:
        yield f"line {error.lineno} of it is no Python: {error.msg}"


# Who runs it


@cache
def tests() -> Mapping[str, list[ast.FunctionDef]]:
    """The functions of all tests, by their names."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, []).append(node)
    return found


def _named_test(block: Block) -> Iterator[str]:
    named = tests().get(block.value, [])
    if len(named) != 1:
        yield f"{len(named)} tests are called {block.value!r}; name one"
    elif not {argument.arg for argument in named[0].args.args} & FIXTURES:
        yield f"{block.value} takes none of the fixtures {', '.join(sorted(FIXTURES))}, so it cannot know this block"


def _output(block: Block) -> Iterator[str]:
    if not any(other.output == block and other.kind == "walk" for other in blocks()):
        yield "an output stands right behind the walked block that prints it"
    for kind in _varying(block):
        if kind not in KINDS:
            yield f"{kind!r} is nothing that may vary; that is: {', '.join(KINDS)}"


def _varying(block: Block) -> list[str]:
    return [kind for kind in block.value.removesuffix(" vary").split(", ") if kind]


def _as_in(block: Block) -> Iterator[str]:
    if commands.commands(block.text) not in [commands.commands(other.text) for other in walked(block.value)]:
        yield f"no walked block of {block.value} has the same commands"


def _part_of(block: Block) -> Iterator[str]:
    file = ROOT / block.value
    if not file.is_file() or block.text not in file.read_text(encoding="utf-8"):
        yield f"it does not stand so in {block.value}"


def _synopsis(block: Block) -> Iterator[str]:
    lines = [line for line in block.text.splitlines() if line.strip()]
    if not all(line.startswith("roma ") for line in lines):
        yield "a synopsis has a line `roma …` for each way"
    for line in lines:
        yield from commands.complaints(re.sub(r"\s#.*", "", line).replace("|", " "))


# Config


def _pulumi_yaml(block: Block) -> Iterator[str]:
    """Against examples/yaml/Pulumi.yaml, which a walk runs."""
    known = yaml.safe_load((ROOT / "examples" / "yaml" / "Pulumi.yaml").read_text(encoding="utf-8"))
    yield from _unknown(yaml.safe_load(block.text), known, "")


def _unknown(given: Any, known: Any, where: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            if key not in known:
                yield f"{where}{key} is no key that a test has tried"
            else:
                yield from _unknown(value, known[key], f"{where}{key}.")
    elif isinstance(given, list) and isinstance(known, list):
        for value in given:
            yield from _unknown(value, known[0], where)
    elif type(given) is not type(known):
        yield f"{where.rstrip('.')} is of another type in examples/yaml/Pulumi.yaml"


def _yaml_program(block: Block) -> Iterator[str]:
    schema = json.loads((ROOT / "sdk" / "schema.json").read_text(encoding="utf-8"))
    takes = {kind.replace(":index:", ":"): value for kind, value in schema["resources"].items()}
    takes["pulumi:providers:roma"] = schema["provider"]
    resources = yaml.safe_load(block.text)["resources"]
    for name, resource in resources.items():
        if resource["type"] not in takes:
            yield f"resources.{name}.type: the schema has no {resource['type']}"
            continue
        known = takes[resource["type"]]["inputProperties"]
        for key in resource["properties"]:
            if key not in known and key != FILL_IN:
                yield f"resources.{name}.properties.{key}: the schema has no such property of {resource['type']}"
        provider = resource.get("options", {}).get("provider")
        if provider and provider.removeprefix("${").removesuffix("}") not in resources:
            yield f"resources.{name}.options.provider: there is no resource {provider}"


def _workflow_step(block: Block) -> Iterator[str]:
    step = yaml.safe_load(block.text)
    for key in step.keys() - {"env", "run", "uses", "with", "if", "name"}:
        yield f"a step of GitHub Actions has no key {key}"
    for name, value in step.get("env", {}).items():
        if name not in commands.variables():
            yield f"no setting has the variable {name}"
        if value != "${{ secrets." + name + " }}":
            yield f"env.{name}: a secret of the same name is meant, as ${{{{ secrets.{name} }}}}"
    yield from commands.complaints(step.get("run", ""))


def _credentials_file(block: Block) -> Iterator[str]:
    """As the package reads it, each value of it is used."""
    text = block.text.replace(FILL_IN, "x")
    with TemporaryDirectory() as folder:
        path = Path(folder, "credentials")
        path.write_text(text, encoding="utf-8")
        try:
            found = credentials.find(keys.no_stack, {credentials.FILE: str(path)})
        except RomaError as error:
            yield str(error)
            return
    parser = configparser.ConfigParser()
    parser.read_string(text)
    used = {*found.values.values(), found.project_id, found.auth_url}
    for key, value in parser[credentials.SECTION].items():
        if value not in used:
            yield f"{key} is not read"


CONFIGS: Mapping[str, tuple[str, Callable[[Block], Iterator[str]]]] = {
    "Pulumi.yaml": ("yaml", _pulumi_yaml),
    "a program in YAML": ("yaml", _yaml_program),
    "a step of GitHub Actions": ("yaml", _workflow_step),
    "the credentials file": ("ini", _credentials_file),
}


def _config(block: Block) -> Iterator[str]:
    if block.value not in CONFIGS:
        yield f"write which file it is part of: {', '.join(CONFIGS)}"
        return
    language, check = CONFIGS[block.value]
    if block.language != language:
        yield f"{block.value} is written in {language}, not in {block.language!r}"
    try:
        yield from check(block)
    except yaml.YAMLError as error:
        yield f"it is no YAML: {error}"


# What is not run


def _needs_an_account(text: str) -> bool:
    """It signs in, says where the account's instances are, or asks the cloud's own machine."""
    secret = {name for key in commands.settings() if key.secret for name in (*key.variables, key.config) if name}
    place = {"roma:region", "roma:cloud", "roma:endpoint", "169.254.169.254"}
    return any(word in text for word in secret | place)


def _needs_the_net(text: str) -> bool:
    return any(
        words[:2] in (["npm", "install"], ["git", "clone"])
        or {"pip", "install"} <= {word.split("/")[-1] for word in words}
        for words in commands.commands(text)
    )


def _takes_minutes(text: str) -> bool:
    """Everything in it runs the tests, or builds."""
    return all(words[0] == "make" or "pytest" in words for words in commands.commands(text))


def _waits_for_a_person(text: str) -> bool:
    """It asks for a secret, or stops for a debugger."""
    return "PYTHONBREAKPOINT=" in text or bool(re.search(r"config set --secret \S+$", text, re.MULTILINE))


REASONS: Mapping[str, Callable[[str], bool]] = {
    "needs an account": _needs_an_account,
    "needs the net": _needs_the_net,
    "takes minutes": _takes_minutes,
    "waits for a person": _waits_for_a_person,
}


def _not_run(block: Block) -> Iterator[str]:
    if block.value not in REASONS:
        yield f"{block.value!r} is no reason not to run it; these are: {', '.join(REASONS)}"
    elif not REASONS[block.value](block.text):
        yield f"nothing in it {block.value}: have a test walk it"


MARKS: Mapping[str, tuple[tuple[str, ...], Callable[[Block], Iterator[str]]]] = {
    "walk": ((*SHELL, *PYTHON), _named_test),
    "output": (TEXT, _output),
    "compared": ((*TEXT, *PYTHON), _named_test),
    "as in": (SHELL, _as_in),
    "part of": ((*TEXT, *PYTHON), _part_of),
    "synopsis": (TEXT, _synopsis),
    "config": (("yaml", "ini"), _config),
    "not run": (SHELL, _not_run),
}
