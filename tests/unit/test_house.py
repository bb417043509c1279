"""The house: what may be imported where, how long things may be, and that each module has its tests.

What import-linter cannot hold: it takes no subpackage of a package from elsewhere, and reads no lines.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "roma_provider"

LINES = 350
PARAMETERS = 6
FUNCTION_LINES = 60
DOCSTRING_LINES = range(3, 11)

# Of the SDK's internals one name is used outside of hosts/.
INTERNALS = ("grpc", "google.protobuf", "pulumi.runtime")
INTERNALS_FREE = {("roma_provider/resources/plain_secrets.py", "pulumi.runtime.is_config_secret")}

# What the rules do not hold for yet, by exact name. Whoever mends one takes it out here, or the tests fail.
ALLOWED: dict[str, set[str]] = {"lines": set(), "parameters": set(), "function lines": set(), "tests": set()}


class Function(NamedTuple):
    """A function as it stands in a file; ``name`` with what it stands in, such as Call.say."""

    name: str
    line: int
    lines: int
    parameters: int


def sources(*tops: str) -> list[str]:
    """The Python files below these folders, as paths from the root."""
    return sorted(path.relative_to(ROOT).as_posix() for top in tops for path in (ROOT / top).rglob("*.py"))


@functools.cache
def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def functions_of(path: str) -> list[Function]:
    return list(functions(read(path)))


def functions(source: str) -> Iterator[Function]:
    """Every function of a module, those within others too, but overloads, which are one function's types."""

    def within(node: ast.AST, before: str, in_class: bool) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield from within(child, f"{before}{child.name}.", True)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                if not any(ast.unparse(decorator).endswith("overload") for decorator in child.decorator_list):
                    lines = (child.end_lineno or child.lineno) - child.lineno + 1
                    yield Function(before + child.name, child.lineno, lines, _parameters(child, in_class))
                yield from within(child, f"{before}{child.name}.", False)
            else:
                yield from within(child, before, in_class)

    return within(ast.parse(source), "", False)


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef, in_class: bool) -> int:
    given = function.args
    named = [*given.posonlyargs, *given.args]
    own = in_class and bool(named) and named[0].arg in ("self", "cls")
    return len(named) - own + len(given.kwonlyargs) + (given.vararg is not None) + (given.kwarg is not None)


def imports(source: str) -> Iterator[tuple[str, int]]:
    """Every name from elsewhere that a module imports, or reaches through ``pulumi``, in full; and its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "pulumi":
            yield f"pulumi.{node.attr}", node.lineno


def hold(rule: str, found: dict[str, str]) -> None:
    """``found`` says of each offender where it stands. All of them are allowed, and all that are allowed offend."""
    allowed = ALLOWED[rule]
    wrong = [f"{where}: {name}" for name, where in sorted(found.items()) if name not in allowed]
    wrong += [f"take out of ALLOWED, it offends no more: {name}" for name in sorted(allowed - found.keys())]
    if wrong:
        pytest.fail("\n".join([rule, *wrong]), pytrace=False)


SOURCE = """
import grpc.aio
from google.protobuf import empty_pb2
from .link import Link
import pulumi

class Call:
    def __init__(self, one, two=2, *rest, three, **more):
        def within(self):
            return pulumi.runtime.rpc

    @overload
    def say(self, a, b, c, d, e, f, g): ...

    @staticmethod
    async def note(cls_, /, text):
        pass
"""


def test_how_a_module_is_read() -> None:
    assert list(functions(SOURCE)) == [
        Function("Call.__init__", 8, 3, 5),
        Function("Call.__init__.within", 9, 2, 1),
        Function("Call.note", 16, 2, 2),
    ]
    assert [name for name, _ in imports(SOURCE)] == [
        "grpc.aio",
        "google.protobuf.empty_pb2",
        "pulumi",
        "pulumi.runtime",
    ]


def test_the_sdks_internals_are_in_hosts_only() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path in sources(PACKAGE)
        if not path.startswith(f"{PACKAGE}/hosts/")
        for name, line in imports(read(path))
        if any(name == internal or name.startswith(f"{internal}.") for internal in INTERNALS)
        and (path, name) not in INTERNALS_FREE
    ]
    assert found == []


def test_the_root_imports_what_a_program_writes_and_nothing_else() -> None:
    """The contracts are by folder, and do not see it."""
    source = read(f"{PACKAGE}/__init__.py")
    foreign = [name for name, _ in imports(source) if not name.startswith(("typing.", "importlib."))]
    own = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.level}
    assert (foreign, {str(name).partition(".")[0] for name in own}) == ([], {"resources"})


def test_what_is_free_is_used() -> None:
    used = {(path, name) for path, _ in INTERNALS_FREE for name, _ in imports(read(path))}
    assert used >= INTERNALS_FREE


def test_every_folder_says_what_it_is_for() -> None:
    folders = {Path(path).parent for path in sources(PACKAGE)}
    found = []
    for folder in sorted(folders):
        path = ROOT / folder / "__init__.py"
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else None
        if len((text or "").splitlines()) not in DOCSTRING_LINES:
            found.append(f"{folder}/__init__.py: a docstring of three to ten lines is missing")
    assert found == []


def test_no_file_is_too_long() -> None:
    lines = {path: len(read(path).splitlines()) for path in sources(PACKAGE, "tests", "tools")}
    hold("lines", {path: f"{path}:{LINES + 1} of {count}" for path, count in lines.items() if count > LINES})


def test_no_function_has_too_many_parameters() -> None:
    found = {}
    for path in sources(PACKAGE, "tests", "tools"):
        for function in functions_of(path):
            # What a program writes is as wide as the API.
            constructor = function.name.rpartition(".")[2] in ("__init__", "__new__")
            if path.startswith(f"{PACKAGE}/resources/") and "." in function.name and constructor:
                continue
            # What is written in a shell is as wide as the command.
            if path == f"{PACKAGE}/cli/application.py":
                continue
            if function.parameters > PARAMETERS:
                found[f"{path} {function.name}"] = f"{path}:{function.line} has {function.parameters}"
    hold("parameters", found)


def test_no_function_is_too_long() -> None:
    found = {
        f"{path} {function.name}": f"{path}:{function.line} has {function.lines}"
        for path in sources(PACKAGE, "tests", "tools")
        for function in functions_of(path)
        if function.lines > FUNCTION_LINES
    }
    hold("function lines", found)


def has_code(source: str) -> bool:
    """Whether a module does anything: a function, not of a protocol, with more in it than its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            rest = [
                line for line in node.body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
            if rest:
                return True
    return False


def files_of_tests(path: str) -> list[str]:
    """Where the tests of a module are looked for; those of the emulator beside each other, or in its folders."""
    module = Path(path).relative_to(PACKAGE)
    folder = Path("tests", module.parent) if module.parts[0] == "emulator" else Path("tests/unit", module.parent)
    folders = {folder, Path("tests/emulator")} if module.parts[0] == "emulator" else {folder}
    return [
        found.relative_to(ROOT).as_posix()
        for where in sorted(folders)
        for pattern in (f"test_{module.stem}.py", f"test_{module.stem}_*.py")
        for found in (ROOT / where).glob(pattern)
    ]


def test_every_module_has_its_tests() -> None:
    found = {
        path: f"{path}:1 has no file of tests"
        for path in sources(PACKAGE)
        if not path.endswith("/__init__.py") and has_code(read(path)) and not files_of_tests(path)
    }
    hold("tests", found)
