"""The client of the control endpoints: what it sends, and what it makes of the answers."""

from __future__ import annotations

import dataclasses

import pytest

from roma_provider.emulator import Control, ControlError, Emulator, EmulatorSettings, Fault
from tests.support.emulator import Api


def test_the_settings_come_back_as_they_are(control: Control) -> None:
    assert control.settings() == EmulatorSettings(creation_seconds=1000, list_lag_seconds=0)
    changed = control.settings(token_seconds=60, projects=2)
    assert changed == dataclasses.replace(control.settings(), token_seconds=60, projects=2)


def test_a_rule_is_sent_as_it_was_written(control: Control) -> None:
    plain = control.add_fault("list_instances", status=500)
    endless = control.add_fault("*", times=None, reset=True, when="after", instance_id="i", project_id="p", name="n")
    assert control.faults() == [
        Fault(plain, "list_instances", 1, 0, "instead", None, None, None),
        Fault(endless, "*", None, 0, "after", "p", "i", "n"),
    ]
    control.clear_fault(plain)
    assert [fault.id for fault in control.faults()] == [endless]
    control.clear_faults()
    assert control.faults() == []


def test_what_is_not_given_is_not_changed(api: Api, control: Control) -> None:
    instance_id = api.create()
    control.patch_instance(instance_id)
    control.patch_instance(instance_id, status="FROZEN")
    control.patch_instance(instance_id, scenario="stuck")
    assert [(one.status, one.scenario) for one in control.instances()] == [("FROZEN", "stuck")]
    control.patch_instance(instance_id, status=None)
    assert [one.status for one in control.instances()] == ["CREATING"]


def test_a_refusal_is_an_error_in_the_emulators_words(control: Control) -> None:
    with pytest.raises(ControlError, match=r"^there is no fault nothing$"):
        control.clear_fault("nothing")


def test_a_slash_at_the_end_of_the_address_is_no_part_of_it(emulator: Emulator) -> None:
    assert Control(emulator.url + "/").instances() == []
