"""What may never change after 0.1.0: docs/compatibility.md says why, tests/states/VERSION/frozen.json lists it.

A name may be added to what is listed there; none may go, and none may come to mean another type. The journal's format
is held by tests/unit/lifecycle/test_journal.py, and states as a whole by tests/engine/test_states.py.
"""

from __future__ import annotations

import ast
import base64
import inspect
import json
import pickle
import textwrap
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import roma_provider
from roma_provider import provider
from roma_provider.cli import application, listing, output
from roma_provider.cli.doctor import examination as doctor
from roma_provider.cli.imports import command as imports
from roma_provider.cli.preview import command as preview
from roma_provider.cli.preview.markdown import marker
from roma_provider.cli.watch import command
from roma_provider.cli.watch.views import JsonView
from roma_provider.cli.watch.watch import Outcome
from roma_provider.config import keys
from roma_provider.hosts.dynamic.call import LOOKED_UP
from roma_provider.resources import args, output_types
from roma_provider.schema.outputs import GIVEN_AT, ORDERED_AT, WAS_READY
from tests.support.fakes import ID, FakeClient, Host, summary
from tests.support.journal import entry as journal_entry
from tests.support.watch import Watching, answer, service

PACKAGE = Path(roma_provider.__file__).parent
STATES = Path(__file__).parents[1] / "states"
VERSIONS = sorted(path.parent for path in STATES.glob("*/frozen.json"))
ARGUMENT_CLASSES = (args.InstanceArgs, args.MqsArgs, args.RcuArgs, args.RcuShareArgs, args.RcuIndicatorArgs)
OUTPUT_CLASSES = (
    output_types.InstanceOutputs,
    output_types.Service,
    output_types.Mqs,
    output_types.Rcu,
    output_types.RcuShare,
    output_types.RcuIndicator,
)


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def frozen(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a version promised."""
    found: dict[str, Any] = json.loads((request.param / "frozen.json").read_text(encoding="utf-8"))
    return found


def declared(cls: type) -> dict[str, str]:
    """The annotations of a class itself, as they are written: names to source text."""
    [body] = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(body, ast.ClassDef)
    return {
        entry.target.id: ast.unparse(entry.annotation)
        for entry in body.body
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name)
    }


def parameters(function: Any) -> dict[str, str]:
    """The parameters of a function, without those of its own object: names to source text of the type."""
    [found] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(found, ast.FunctionDef)
    every = [*found.args.args, *found.args.kwonlyargs]
    return {entry.arg: ast.unparse(entry.annotation) for entry in every if entry.annotation is not None}


def assert_kept(promised: dict[str, str], found: dict[str, str]) -> None:
    """Everything promised is there, with the type that it had."""
    assert {name: found.get(name) for name in promised} == promised


def test_the_promises_of_this_version_leave_nothing_out() -> None:
    """What is in no list may be changed by a slip."""
    promised = json.loads((VERSIONS[-1] / "frozen.json").read_text(encoding="utf-8"))
    settings = [key for key in vars(keys).values() if isinstance(key, keys.Key)]
    assert promised["names"] == sorted(roma_provider.__all__)
    assert promised["arguments"] == {cls.__name__: declared(cls) for cls in ARGUMENT_CLASSES}
    assert promised["outputs"] == {cls.__name__: declared(cls) for cls in (*OUTPUT_CLASSES, roma_provider.Instance)}
    assert promised["config"] == {key.config: list(key.variables) for key in settings if key.config}
    assert set(promised["variables"]) == {name for key in settings if not key.config for name in key.variables}


class TestTheState:
    """What stands in the states of users."""

    def test_the_providers_are_where_the_state_says(self, frozen: dict[str, Any]) -> None:
        for path, pickled in frozen["providers"].items():
            module, name = path.split(":")
            cls = getattr(provider, name)
            assert (cls.__module__, cls.__qualname__) == (module, name)
            # By reference: a provider that had got an attribute would have more in it.
            assert type(pickle.loads(base64.b64decode(pickled))) is cls  # noqa: S301
            assert vars(cls()) == {}

    def test_the_exported_states_have_these_providers_and_types(self, frozen: dict[str, Any]) -> None:
        providers, types = set(), set()
        for path in STATES.glob("*/*.json"):
            if path.stem not in ("scenes", "frozen", "sha256"):
                for resource in json.loads(path.read_text(encoding="utf-8"))["deployment"]["resources"]:
                    if "__provider" in resource.get("outputs", {}):
                        providers.add(resource["outputs"]["__provider"])
                        types.add(resource["type"])
        assert providers == set(frozen["providers"].values())
        assert types == set(frozen["types"].values())

    def test_the_type_tokens(self, frozen: dict[str, Any]) -> None:
        for name, token in frozen["types"].items():
            assert f"pulumi-python:{getattr(roma_provider, name)._resource_type_name}" == token

    def test_the_marks_among_the_outputs(self, frozen: dict[str, Any]) -> None:
        assert frozen["marks"] == [LOOKED_UP, WAS_READY]

    def test_the_mark_of_what_was_ordered_a_moment_ago(self) -> None:
        assert ORDERED_AT == "__ordered_at"

    def test_the_mark_of_which_create_gave_an_instance_to_a_state(self) -> None:
        assert GIVEN_AT == "__given_at"


class TestPrograms:
    """What stands in the programs of users."""

    def test_the_names_to_import(self, frozen: dict[str, Any]) -> None:
        assert set(frozen["names"]) <= set(roma_provider.__all__)
        assert all(hasattr(roma_provider, name) for name in frozen["names"])

    @pytest.mark.parametrize("cls", ARGUMENT_CLASSES)
    def test_the_arguments(self, frozen: dict[str, Any], cls: type) -> None:
        assert_kept(frozen["arguments"][cls.__name__], declared(cls))

    def test_an_argument_that_is_new_is_optional(self, frozen: dict[str, Any]) -> None:
        promised = frozen["arguments"]["InstanceArgs"]
        new = [entry for entry in fields(args.InstanceArgs) if entry.name not in promised]
        assert [entry.name for entry in new if entry.default is MISSING] == []

    @pytest.mark.parametrize(
        ("name", "function"),
        [
            ("ExistingInstance", roma_provider.ExistingInstance.__init__),
            ("Instance.get", roma_provider.Instance.get),
        ],
    )
    def test_the_parameters(self, frozen: dict[str, Any], name: str, function: Any) -> None:
        assert_kept(frozen["parameters"][name], parameters(function))

    @pytest.mark.parametrize("cls", [*OUTPUT_CLASSES, roma_provider.Instance])
    def test_the_outputs(self, frozen: dict[str, Any], cls: type) -> None:
        assert_kept(frozen["outputs"][cls.__name__], declared(cls))


class TestSettings:
    def test_the_keys_of_stack_config(self, frozen: dict[str, Any]) -> None:
        # Some are written as text alone.
        found = {getattr(value, "config", value) for value in vars(keys).values() if isinstance(value, (keys.Key, str))}
        assert set(frozen["config"]) <= found

    def test_the_environment_variables_of_each_key(self, frozen: dict[str, Any]) -> None:
        found = {key.config: key.variables for key in vars(keys).values() if isinstance(key, keys.Key) and key.config}
        for config, variables in frozen["config"].items():
            # The first is the one that is named to users; others may come after those.
            assert list(found.get(config, ()))[: len(variables)] == variables

    def test_the_variables_without_a_key(self, frozen: dict[str, Any]) -> None:
        source = "".join(path.read_text() for folder in ("api", "config") for path in (PACKAGE / folder).glob("*.py"))
        assert [name for name in frozen["variables"] if f'"{name}"' not in source] == []


class TestTheCommandLine:
    """What scripts read of `roma`."""

    def test_the_exit_codes_of_watch(self, frozen: dict[str, Any]) -> None:
        assert {outcome.value: outcome.code for outcome in Outcome} == frozen["verdicts"]
        codes = {"usage": application.USAGE, "broken_pipe": output.BROKEN_PIPE, "terminated": command.TERMINATED}
        assert codes == frozen["codes"]
        assert command.USAGE == application.USAGE

    def test_the_keys_of_watch_json(self, frozen: dict[str, Any]) -> None:
        written: list[str] = []
        watching = Watching([answer("RUNNING", 100, service("mqs", 100, "running", start=0, end=1))])
        view = JsonView(written.append, watching.clock)
        view.finish(watching.run(), 0)
        [said] = map(json.loads, written)
        assert_kept(frozen["json"]["watch"], kinds(said))
        [part] = said["services"]
        assert_kept(frozen["json"]["watch services"], kinds(part))

    def test_the_keys_of_doctor_json(self, frozen: dict[str, Any]) -> None:
        report = getattr(doctor, doctor.examine.__annotations__["return"])
        assert_kept(frozen["json"]["doctor"], kinds(report("0.1.0", "3.10 on Linux").as_json()))
        # What is in its lists, by their order: the keys of JSON are promised, not the names of classes and fields.
        entries = [get_args(hint)[0] for hint in get_type_hints(report).values() if get_origin(hint) is list]
        for part, entry in zip(("checks", "differences"), entries, strict=True):
            assert_kept(frozen["json"][f"doctor {part}"], declared(entry))

    def test_the_keys_of_list_json(
        self, frozen: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        more = {"create_time": "2025-03-06T11:01:13Z", "flavor_id": "p", "flavor_type": "basic"}
        host = Host(FakeClient(lists=[[summary(**more)]]), tmp_path)
        host.journal.write(journal_entry(instance_id=ID))
        output.with_output(lambda out: listing.run(host.session, None, None, listing.Wish(), out), "list", as_json=True)
        said = json.loads(capsys.readouterr().out)
        assert_kept(frozen["json"]["list"], kinds(said))
        [instance] = said["instances"]
        assert_kept(frozen["json"]["list instances"], kinds(instance))
        assert_kept(frozen["json"]["list journal"], kinds(instance["journal"][0]))

    def test_the_exit_codes_of_list_and_import(self) -> None:
        assert (listing.WELL, listing.NOT_AS_EXPECTED, imports.ALL, imports.NOT_ALL) == (0, 1, 0, 1)
        assert (output.NOTHING_KNOWN, output.INTERRUPTED) == (3, 130)

    def test_what_a_pipeline_takes_of_preview_summary(self) -> None:
        assert preview.SUMMARIZED == 0
        assert marker("shop/prod") == "<!-- roma-preview-summary shop/prod -->"


def kinds(value: dict[str, Any]) -> dict[str, str]:
    """JSON keys, each with the kind of its value here."""
    return {key: type(json.loads(json.dumps(entry))).__name__ for key, entry in value.items()}
