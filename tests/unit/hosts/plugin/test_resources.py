"""The calls about resources: what is read from them, what the lifecycle is asked, and what goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from roma_provider.hosts.plugin import wire
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, inputs, progress, refused, summary
from tests.support.lifecycle import RUNNING, STATE
from tests.support.plugin_host import EXISTING, REFERENCE, Plugin, Refused, plain, wired

Serve = Callable[..., Plugin]
OURS = summary(ID)
GIVEN = wired({key: value for key, value in inputs().items() if key not in ("region", "project_id")})
INPUTS, OUTPUTS = wired(inputs()), wired(STATE)
Kind = provider_pb2.PropertyDiff.Kind
PLACE = {"region": REGION, "projectId": PROJECT}


def kinds(answer: Any) -> dict[str, str]:
    return {path: Kind.Name(line.kind) for path, line in answer.detailedDiff.items()}


class TestCheck:
    def test_defaults_place_and_name_go_into_the_inputs(self, serve: Serve) -> None:
        plugin = serve()
        nameless = {key: value for key, value in GIVEN.items() if key in ("productId", "availableZones") or "Id" in key}
        answer = plugin.ask("Check", news=nameless)
        assert plain(answer.inputs) == {**INPUTS, "name": "one"}
        assert list(answer.failures) == []

    def test_an_older_engine_says_the_type_in_the_urn_alone_and_below_parents(self, serve: Serve) -> None:
        urn = "urn:pulumi:dev::shop::my:Parent$roma:index:Instance::one"
        assert plain(serve().ask("Check", urn, news=GIVEN).inputs) == INPUTS
        assert plain(serve().ask("Check", "urn:x", type="roma:index:Instance", news=GIVEN).inputs) == INPUTS

    def test_problems_are_said_in_pulumi_s_words(self, serve: Serve) -> None:
        news = {**GIVEN, "mqs": {"sslEnable": "yes"}, "cpuArchitecture": "sparc", "subnet_id": "s", "vpcID": "v"}
        failures = {failure.property: failure.reason for failure in serve().ask("Check", news=news).failures}
        assert failures.pop("vpcID").startswith("an instance has no such argument; the arguments are: adoptId, avail")
        assert failures == {
            "subnet_id": "write subnetId, as every program but a Python one does",
            "mqs.sslEnable": "write true or false",
            "cpuArchitecture": "write one of 'x86_64', 'aarch64', not 'sparc'",
        }

    def test_what_is_not_known_yet_passes(self, serve: Serve) -> None:
        answer = serve().ask("Check", news={**GIVEN, "vpcId": wire.UNKNOWN, "mqs": {"sslEnable": wire.UNKNOWN}})
        assert list(answer.failures) == []
        assert plain(answer.inputs)["vpcId"] == wire.UNKNOWN
        assert plain(answer.inputs)["mqs"] == {"sslEnable": wire.UNKNOWN}

    def test_the_marks_of_a_program_are_no_arguments(self, serve: Serve) -> None:
        assert list(serve().ask("Check", news={**GIVEN, "__internal": 1}).failures) == []

    def test_a_reference(self, serve: Serve) -> None:
        plugin = serve()
        assert plain(plugin.ask("Check", REFERENCE, news={"instanceId": ID}).inputs) == {"instanceId": ID, **PLACE}
        [failure] = plugin.ask("Check", REFERENCE, news={}).failures
        assert failure.property == "instanceId"

    def test_what_a_program_refers_to_and_adopts_is_noted_for_the_run(self, serve: Serve) -> None:
        plugin = serve()
        plugin.ask("Check", REFERENCE, news={"instanceId": ID})
        plugin.ask("Check", news={**GIVEN, "adoptId": OTHER_ID})
        run = plugin.host.session.run
        assert run.referrers(ID) == ["one"]
        assert run.adopters(OTHER_ID, "urn:pulumi:dev::shop::roma:index:Instance::two") == ["roma:index:Instance::one"]


class TestDiff:
    def diff(self, plugin: Plugin, news: dict[str, Any], olds: dict[str, Any] = OUTPUTS, **more: Any) -> Any:
        plugin.ask("Check", olds=more.get("old_inputs", INPUTS), news=news)
        return plugin.ask("Diff", **{"id": ID, "olds": olds, "news": news, "old_inputs": INPUTS, **more})

    def test_none(self, serve: Serve) -> None:
        answer = self.diff(serve(), INPUTS)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE
        assert (kinds(answer), answer.hasDetailedDiff) == ({}, False)

    def test_a_replacement_and_an_update_by_path_with_their_kinds(self, serve: Serve) -> None:
        plugin = serve()
        answer = self.diff(plugin, {**INPUTS, "vpcId": "v", "mqs": {"sslEnable": True}})
        assert list(answer.replaces) == ["vpcId"]
        assert list(answer.diffs) == ["mqs", "vpcId"]
        assert kinds(answer) == {"mqs": "ADD", "vpcId": "UPDATE_REPLACE"}
        assert (answer.deleteBeforeReplace, answer.hasDetailedDiff) == (True, True)
        nested = self.diff(
            plugin,
            {**INPUTS, "mqs": {"sslEnable": True}},
            {**OUTPUTS, "mqs": {"sslEnable": False}},
            old_inputs={**INPUTS, "mqs": {"sslEnable": False}},
        )
        assert kinds(nested) == {"mqs.sslEnable": "UPDATE"}

    def test_what_cannot_be_changed_is_foretold_in_pulumi_s_words(self, serve: Serve) -> None:
        plugin = serve()
        self.diff(plugin, {**INPUTS, "ipv6Enable": True})
        [said] = plugin.said
        assert said.endswith("leave it out of sight with ignoreChanges: ['ipv6Enable']")

    def test_a_stack_of_the_dynamic_provider_is_rewritten_without_a_line(self, serve: Serve) -> None:
        plugin = serve()
        olds, old_inputs = {**STATE, "__provider": "p"}, {**inputs(), "__provider": "p"}
        answer = self.diff(plugin, INPUTS, olds, old_inputs=old_inputs)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert (kinds(answer), list(answer.replaces), answer.hasDetailedDiff) == ({}, [], True)
        moved = self.diff(plugin, {**INPUTS, "vpcId": "v"}, olds, old_inputs=old_inputs)
        assert kinds(moved) == {"vpcId": "UPDATE_REPLACE"}

    def test_what_is_only_looked_up_never_differs(self, serve: Serve) -> None:
        answer = serve().ask("Diff", id=ID, olds={**OUTPUTS, "status": "CREATE_FAILED"}, news={}, old_inputs=PLACE)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_another_instance_is_another_reference(self, serve: Serve) -> None:
        olds = {"instanceId": ID, **PLACE}
        answer = serve().ask(
            "Diff", REFERENCE, id=ID, olds=olds, news={**olds, "instanceId": OTHER_ID}, old_inputs=olds
        )
        assert (list(answer.replaces), answer.deleteBeforeReplace) == (["instanceId"], False)


class TestCreate:
    def test_one_is_ordered_and_waited_for(self, serve: Serve) -> None:
        plugin = serve(creates=[ID], progress=[progress(), RUNNING], lists=[[], [OURS]])
        answer = plugin.ask("Create", properties=INPUTS)
        assert (answer.id, plain(answer.properties)) == (ID, OUTPUTS)
        assert plugin.client.counts["POST"] == 1

    def test_each_create_leaves_when_it_was_until_the_next(self, serve: Serve) -> None:
        plugin = serve(creates=[ID], progress=[RUNNING], lists=[[], [OURS]])
        plugin.host.session.deletes_first = False
        made = plain(plugin.ask("Create", properties=INPUTS).properties)
        assert made.pop("__given_at") > 0
        assert made == OUTPUTS
        held = {**OUTPUTS, "__given_at": 5.0}
        assert plain(plugin.ask("Read", id=ID, properties=held, inputs=INPUTS).properties) == held
        assert plain(plugin.ask("Update", id=ID, olds=held, news=INPUTS, old_inputs=INPUTS).properties) == held
        again = plain(plugin.ask("Create", properties={**INPUTS, "adoptId": ID}).properties)
        assert again["__given_at"] > 5.0

    def test_a_half_made_one_is_kept_with_its_inputs_and_the_time_it_has(self, serve: Serve) -> None:
        plugin = serve(creates=[ID], progress=[progress("CREATE_FAILED", errorMessage="no room")], lists=[[], [OURS]])
        with pytest.raises(Refused, match="no room") as caught:
            plugin.ask("Create", properties=INPUTS, timeout=90)
        kept = caught.value.kept
        assert (kept.id, kept.refresh_before_update) == (ID, True)
        assert plain(kept.inputs) == INPUTS
        outputs = plain(kept.properties)
        assert (outputs["status"], outputs["__timeout"], outputs["vpcId"]) == ("CREATE_FAILED", 90, INPUTS["vpcId"])
        assert "vpc_id" not in outputs
        assert plugin.client.counts["POST"] == 1

    def test_a_preview_orders_nothing_and_knows_what_is_declared(self, serve: Serve) -> None:
        plugin = serve(lists=[[summary(OTHER_ID)]])
        answer = plugin.ask("Create", properties=INPUTS, preview=True)
        outputs = plain(answer.properties)
        assert answer.id == ""
        assert {key: outputs[key] for key in INPUTS} == INPUTS
        assert {outputs[key] for key in ("instanceId", "status", "services", "connectAddress")} == {wire.UNKNOWN}
        assert plugin.client.counts == {"POST": 0, "progress": 0, "list": 1, "DELETE": 0}
        [said] = plugin.said
        assert said.startswith("`pulumi up` will fail: an instance named 'roma-2222' exists already")
        assert f"Write adoptId: '{OTHER_ID}'" in said

    def test_its_own_name_in_a_replacement_by_force(self, serve: Serve) -> None:
        """The engine asks no diff then, and tells a check nothing of the state."""
        plugin = serve(lists=[[OURS]])
        plugin.host.session.deletes_first = False
        with pytest.raises(Refused, match="if it is replaced by force, set the option deleteBeforeReplace"):
            plugin.ask("Create", properties=INPUTS)

    def test_its_own_name_where_the_program_has_it_created_first(self, serve: Serve) -> None:
        plugin = serve(lists=[[OURS]])
        news = {**INPUTS, "vpcId": "v"}
        plugin.ask("Check", olds=INPUTS, news=news)
        plugin.ask("Diff", id=ID, olds=OUTPUTS, news=news, old_inputs=INPUTS)
        plugin.ask("Check", news=news)
        plugin.said.clear()
        plugin.ask("Create", properties=news, preview=True)
        assert plugin.said == []
        with pytest.raises(
            Refused, match="Set the option deleteBeforeReplace: then this instance is deleted"
        ) as caught:
            plugin.ask("Create", properties=news)
        assert f"instance {ID}, which this resource has so far" in str(caught.value)

    def test_a_reference_is_waited_for(self, serve: Serve) -> None:
        plugin = serve(progress=[progress(), RUNNING])
        answer = plugin.ask("Create", REFERENCE, properties={"instanceId": ID, **PLACE})
        assert (answer.id, plain(answer.properties)["__was_ready"]) == (ID, True)


class TestRead:
    def test_a_refresh_has_live_values_and_inputs(self, serve: Serve) -> None:
        plugin = serve(progress=[progress("RUNNING", name="other")], lists=[[OURS]])
        answer = plugin.ask("Read", id=ID, properties=OUTPUTS, inputs=INPUTS)
        assert plain(answer.properties) == {**OUTPUTS, "name": "other"}
        assert plain(answer.inputs) == {**INPUTS, "name": "other"}
        assert not answer.refresh_before_update

    def test_one_that_is_gone(self, serve: Serve) -> None:
        plugin = serve(progress=[refused(404)], lists=[[]])
        answer = plugin.ask("Read", id=ID, properties=OUTPUTS, inputs=INPUTS)
        assert (answer.id, answer.HasField("properties")) == ("", False)

    def test_a_failure_keeps_the_inputs_of_the_state(self, serve: Serve) -> None:
        plugin = serve(progress=[progress("CREATE_FAILED")], lists=[[OURS]])
        with pytest.raises(Refused) as caught:
            plugin.ask("Read", id=ID, properties={**OUTPUTS, "status": "CREATING"}, inputs=INPUTS)
        assert plain(caught.value.kept.inputs) == INPUTS

    def test_a_get_takes_any_status_and_is_told_from_an_owned_one_by_its_inputs(self, serve: Serve) -> None:
        plugin = serve(progress=[progress("CREATE_FAILED")])
        first = plugin.ask("Read", id=ID, properties=PLACE, inputs=PLACE)
        again = plugin.ask("Read", id=ID, properties=plain(first.properties), inputs=PLACE)
        assert plain(first.properties)["status"] == "CREATE_FAILED"
        assert plain(again.properties) == plain(first.properties)
        assert not any(key.startswith("__looked") for key in plain(again.properties))
        assert plugin.said == [f"instance {ID} has the status CREATE_FAILED"] * 2
        assert plugin.host.session.run.referrers(ID) == ["one"]

    def test_a_get_of_nothing_is_an_error(self, serve: Serve) -> None:
        with pytest.raises(Refused, match=f"^there is no instance {ID} in project {PROJECT} of {REGION}$"):
            serve(progress=[refused(404)], lists=[[]]).ask("Read", id=ID, inputs={})

    def test_an_import_is_answered_with_the_inputs_that_declare_it(self, serve: Serve) -> None:
        plugin = serve(progress=[RUNNING])
        answer = plugin.ask("Read", id=ID)
        found = plain(answer.inputs)
        assert (found["productId"], found["enableAll"], found["region"]) == (INPUTS["productId"], True, REGION)
        assert "edition" not in found
        checked = plugin.ask("Check", olds=found, news=found)
        assert (plain(checked.inputs), list(checked.failures)) == (found, [])
        outputs = plain(answer.properties)
        diff = plugin.ask("Diff", id=ID, olds=outputs, news=found, old_inputs=found)
        assert diff.changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_an_import_of_what_is_being_created_is_read_again(self, serve: Serve) -> None:
        answer = serve(progress=[progress()]).ask("Read", id=ID)
        assert answer.refresh_before_update

    def test_an_import_by_name_holds_the_id(self, serve: Serve) -> None:
        plugin = serve(progress=[RUNNING], lists=[[OURS]])
        answer = plugin.ask("Read", id="name=roma-2222")
        assert (answer.id, plain(answer.inputs)["name"]) == (ID, "roma-2222")

    @pytest.mark.parametrize("engine_id", ["name=roma-2222", "a b", ""])
    def test_an_import_of_a_reference_takes_an_id(self, serve: Serve, engine_id: str) -> None:
        with pytest.raises(Refused, match=r"^id: write an instance id, such as "):
            serve().ask("Read", REFERENCE, id=engine_id)

    def test_an_import_of_a_reference(self, serve: Serve) -> None:
        answer = serve(progress=[RUNNING]).ask("Read", REFERENCE, type=EXISTING, id=ID)
        assert plain(answer.inputs) == {"instanceId": ID, **PLACE}
        assert plain(answer.properties)["__was_ready"] is True


class TestLater:
    def test_an_update_looks_and_shows_what_is_there(self, serve: Serve) -> None:
        plugin = serve(progress=[progress("RUNNING", description="x")])
        answer = plugin.ask("Update", id=ID, olds=OUTPUTS, news={**INPUTS, "description": "x"}, old_inputs=INPUTS)
        assert plain(answer.properties) == {**OUTPUTS, "description": "x"}
        assert plugin.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}

    def test_an_update_of_a_dynamic_state_is_one_look(self, serve: Serve) -> None:
        plugin = serve(progress=[RUNNING])
        olds = {**STATE, "__provider": "p"}
        answer = plugin.ask("Update", id=ID, olds=olds, news=INPUTS, old_inputs={**inputs(), "__provider": "p"})
        assert plain(answer.properties) == OUTPUTS
        assert plugin.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}

    def test_the_preview_of_an_update_asks_nobody(self, serve: Serve) -> None:
        plugin = serve()
        news = {**INPUTS, "description": "x"}
        outputs = plain(plugin.ask("Update", id=ID, olds=OUTPUTS, news=news, preview=True).properties)
        assert (outputs["description"], outputs["instanceId"], outputs["status"]) == ("x", ID, wire.UNKNOWN)
        assert sum(plugin.client.counts.values()) == 0

    def test_a_resumed_wait_that_fails_keeps_what_is_new(self, serve: Serve) -> None:
        plugin = serve(progress=[progress("CREATE_FAILED")])
        news = {**INPUTS, "description": "x"}
        with pytest.raises(Refused) as caught:
            plugin.ask("Update", id=ID, olds={**OUTPUTS, "status": "CREATING"}, news=news, old_inputs=INPUTS)
        assert plain(caught.value.kept.inputs) == news

    def test_what_is_owned_is_deleted_and_what_is_referred_to_forgotten(self, serve: Serve) -> None:
        plugin = serve(deletes=[None], progress=[RUNNING], lists=[[OURS], []])
        plugin.ask("Delete", REFERENCE, id=ID, properties={"instanceId": ID, **PLACE})
        assert plugin.client.deleted == []
        plugin.ask("Delete", id=ID, properties=OUTPUTS)
        assert plugin.client.deleted == [ID]


@pytest.mark.parametrize("written", [f" {ID}", f"{ID} ", "", f"../{ID}", f"{ID}/x", "a\nb", "NAME=roma-2222"])
@pytest.mark.parametrize("more", [{}, {"inputs": {}}])
def test_what_is_no_id_is_not_asked_for(serve: Serve, written: str, more: dict[str, Any]) -> None:
    plugin = serve(progress=[RUNNING])
    with pytest.raises(Refused, match=r"^id: write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not "):
        plugin.ask("Read", id=written, **more)
    assert set(plugin.client.counts.values()) == {0}


class TestGetInstance:
    def invoke(self, plugin: Plugin, **args: Any) -> Any:
        return plugin.ask("Invoke", tok="roma:index:getInstance", args=args)

    def test_by_id_and_by_name(self, serve: Serve) -> None:
        plugin = serve(progress=[RUNNING], lists=[[OURS]])
        by_id = plain(getattr(self.invoke(plugin, id=ID), "return"))
        assert (by_id["instanceId"], by_id["status"], by_id["vpcId"]) == (ID, "RUNNING", INPUTS["vpcId"])
        assert [key for key in by_id if key.startswith("__")] == []
        assert plain(getattr(self.invoke(plugin, name="roma-2222"), "return")) == by_id

    @pytest.mark.parametrize(
        ("args", "key", "reason"),
        [
            ({}, "id", "write the id of an instance or its name, one of them"),
            ({"id": ID, "name": "n"}, "id", "write the id of an instance or its name, one of them"),
            ({"id": "?"}, "id", "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not '?'"),
            ({"name": " n"}, "name", "write 'n', without space around it"),
            (
                {"name": "n", "projectID": "p"},
                "projectID",
                "getInstance has no such argument; the arguments are: id, name, region, projectId",
            ),
        ],
    )
    def test_bad_arguments(self, serve: Serve, args: dict[str, Any], key: str, reason: str) -> None:
        [failure] = self.invoke(serve(), **args).failures
        assert (failure.property, failure.reason) == (key, reason)

    def test_none_of_that_name(self, serve: Serve) -> None:
        [failure] = self.invoke(serve(lists=[[]]), name="nobody").failures
        assert (failure.property, failure.reason.partition(";")[0]) == (
            "name",
            f"there is no instance named 'nobody' in project {PROJECT} of {REGION}",
        )
