"""What a change of arguments means, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.columns import Change
from roma_provider.schema.diff import Difference, difference, foretell, refuse_unmet
from roma_provider.schema.outputs import outputs
from tests.support.fakes import ID, URN, Unknown, inputs, is_unknown, progress, rcu_inputs

STATE = outputs(ID, inputs(), progress("RUNNING"))

# What a change of each argument does to the seed's instance.
EFFECTS: dict[str, tuple[Any, str]] = {
    "name": ("other", "update"),
    "description": ("other", "update"),
    "product_id": ("00300-30104-0--0", "replace"),
    "edition": ("platinum", "nothing"),  # the product is still the same
    "rcu": ({"total": 5}, "replace"),  # another kind of instance
    "charge_type": ("prePaid", "update"),
    "publicip_enable": (True, "update"),
    "scope": ("edge", "update"),
    "available_zones": (["az1.dc1"], "replace"),
    "vpc_id": ("other", "replace"),
    "subnet_id": ("other", "replace"),
    "security_group_id": ("other", "replace"),
    "enterprise_project_id": ("other", "update"),
    "cpu_architecture": ("aarch64", "replace"),
    "ipv6_enable": (True, "update"),
    "enable_all": (False, "update"),
    "eip_id": ("other", "update"),
    "ingress_bandwidth_size": (5, "update"),
    "maintain_begin": ("22:00:00", "update"),
    "maintain_end": ("02:00:00", "update"),
    "mqs": ({"ssl_enable": True}, "update"),
    "region": ("eu-west-101", "replace"),
    "project_id": ("0d42a6bc3f3d446a835100a110f56137", "replace"),
    "adopt_id": (ID, "nothing"),
    "wait": (False, "nothing"),
}


def diff(**changes: Any) -> Difference:
    return difference(STATE, inputs(**changes), is_unknown)


def test_the_table_has_every_argument() -> None:
    assert set(EFFECTS) == set(INSTANCE), "write what its change does into EFFECTS"
    assert {key for key, (_, effect) in EFFECTS.items() if effect == "replace"} | {"edition"} == {
        *(key for key, row in INSTANCE.items() if row.change is Change.REPLACE),
        "rcu",
    }


@pytest.mark.parametrize("key", EFFECTS)
def test_a_change_of_each_argument(key: str) -> None:
    value, effect = EFFECTS[key]
    found = diff(**{key: value})
    assert found.replaces == ([key] if effect == "replace" else [])
    assert found.updates == ([key] if effect == "update" else [])
    assert found.any is (effect != "nothing")


@pytest.mark.parametrize("key", EFFECTS)
def test_a_value_that_is_not_known_yet_is_an_update_at_most(key: str) -> None:
    found = diff(**{key: Unknown()})
    # Whatever it will be, an instance with RCUs is another one.
    assert found.replaces == (["rcu"] if key == "rcu" else [])
    assert found.updates == found.unknown == ([] if key in ("adopt_id", "rcu", "wait") else [key])


def test_an_unknown_inside_a_value() -> None:
    assert diff(available_zones=["az9", Unknown()]) == Difference([], ["available_zones"], ["available_zones"])
    assert diff(mqs={"ssl_enable": Unknown()}) == Difference([], ["mqs"], ["mqs"])


@pytest.mark.parametrize("key", EFFECTS)
def test_an_argument_that_was_taken_away_is_no_difference(key: str) -> None:
    assert diff(**{key: None}) == Difference()


def test_no_change() -> None:
    assert not diff().any
    assert not difference(STATE, {**inputs(), "description": ""}, is_unknown).any


def test_zones_have_no_order_and_numbers_no_type() -> None:
    olds = {**STATE, "available_zones": ["a", "b"], "ingress_bandwidth_size": 5.0}
    assert not difference(olds, inputs(available_zones=["b", "a"], ingress_bandwidth_size=5), is_unknown).any
    found = difference(olds, inputs(available_zones=["a", "b", "c"]), is_unknown)
    assert found.replaces == ["available_zones"]


def test_several_changes_are_told_in_order() -> None:
    found = diff(vpc_id="v", subnet_id="s", name="n", description="d")
    assert found == Difference(["subnet_id", "vpc_id"], ["description", "name"])


@pytest.mark.parametrize("status", ["CREATE_FAILED", "failed"])
def test_a_creation_that_failed_is_replaced(status: str) -> None:
    olds = {**STATE, "status": status}
    assert difference(olds, inputs(), is_unknown) == Difference(["status"], [])
    assert difference(olds, inputs(name="n"), is_unknown) == Difference(["status"], ["name"])
    assert difference(olds, inputs(vpc_id="v"), is_unknown) == Difference(["vpc_id"], [])


@pytest.mark.parametrize("status", ["RUNNING", "CREATING", "FROZEN", "ERROR", "", None])
def test_no_other_status_replaces(status: str | None) -> None:
    assert not difference({**STATE, "status": status}, inputs(), is_unknown).any


# --- an update that cannot be made


def refusal(news: dict[str, Any], olds: dict[str, Any] | None = None, **live: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        refuse_unmet(URN, ID, olds or STATE, news, progress("RUNNING", **live))
    return caught.value


REPLACE = f"`pulumi up --replace '{URN}'` makes a new instance, which deletes this one with everything in it"
SHOW = "(`pulumi refresh`, then `pulumi preview --diff`, show how)"


def test_what_is_said_of_a_change_that_was_not_made() -> None:
    error = refusal(inputs(description="new", name="other"))
    assert error.key == "description"
    assert error.reason == (
        f"instance {ID} is not as declared in 'description', 'name' {SHOW}. There is no API to change 'description', "
        "'name': do it in the ROMA Connect console and run `pulumi up` again. Or declare the instance as it is, or "
        f"leave it out of sight with ignore_changes=['description', 'name']. {REPLACE}"
    )


def test_no_value_is_said_since_any_may_be_a_secret() -> None:
    olds = {**STATE, "eip_id": "canary-old", "mqs": {"engine_version": "canary-old"}}
    declared = inputs(name="canary-name", eip_id="canary-eip", mqs={"engine_version": "canary-mqs"})
    assert "canary" not in str(refusal(declared, olds, publicipId="canary-live"))


def test_what_is_said_of_what_no_console_changes_either() -> None:
    error = refusal(inputs(mqs={"ssl_enable": True}, enable_all=False, ipv6_enable=True))
    assert error.key == "enable_all"
    assert error.reason == (
        f"instance {ID} is not as declared in 'enable_all', 'ipv6_enable', 'mqs' {SHOW}. 'enable_all', 'ipv6_enable', "
        "'mqs' can only be set when an instance is created. Declare the instance as it is, or leave it out of sight "
        f"with ignore_changes=['enable_all', 'ipv6_enable', 'mqs']. {REPLACE}"
    )
    mixed = refusal(inputs(mqs={"ssl_enable": True}, name="other"))
    assert "to change 'name': do it in the ROMA Connect console and run `pulumi up` again. 'mqs' can" in mixed.reason
    assert "ignore_changes=['mqs', 'name']" in mixed.reason


def test_a_change_that_was_made_in_the_console_is_met() -> None:
    refuse_unmet(URN, ID, STATE, inputs(name="other", description="new"), progress(name="other", description="new"))
    refuse_unmet(None, ID, STATE, inputs(maintain_begin="22:00:00"), progress(maintainBegin="22:00"))


def test_where_the_api_does_not_show_an_argument_the_state_counts() -> None:
    mqs = {"ssl_enable": True}
    assert refusal(inputs(mqs=mqs)).key == "mqs"
    refuse_unmet(URN, ID, {**STATE, "mqs": mqs}, inputs(mqs=mqs), progress())


def test_without_a_urn_it_is_left_to_be_filled_in() -> None:
    with pytest.raises(InputError, match="--replace 'URN'"):
        refuse_unmet(None, ID, STATE, inputs(name="other"), progress())


# --- editions: their product ids differ by environment

OTHER_PRODUCT = outputs(ID, inputs(), progress("RUNNING", type="BASIC", productId="00400-30101-0--0"))


def test_an_instance_of_the_declared_edition_is_the_declared_product() -> None:
    assert OTHER_PRODUCT["product_id"] == "00400-30101-0--0"
    assert not difference(OTHER_PRODUCT, inputs(edition="basic"), is_unknown).any
    refuse_unmet(URN, ID, OTHER_PRODUCT, inputs(edition="basic"), progress("RUNNING", productId="00400-30101-0--0"))


def test_another_edition_or_a_product_that_was_declared_itself_replaces() -> None:
    platinum = inputs(edition="platinum", product_id="00300-30104-0--0")
    assert difference(OTHER_PRODUCT, platinum, is_unknown) == Difference(["edition"])
    assert difference(OTHER_PRODUCT, inputs(), is_unknown).replaces == ["product_id"]
    without = {key: value for key, value in OTHER_PRODUCT.items() if key != "edition"}
    assert difference(without, inputs(edition="basic"), is_unknown).replaces == ["edition"]


# --- instances of RCUs

RCU_INPUTS = rcu_inputs()
RCU_STATE = outputs(ID, RCU_INPUTS, progress("RUNNING", productId=None, type=None))


def test_an_rcu_instance_that_is_as_declared() -> None:
    assert not difference(RCU_STATE, RCU_INPUTS, is_unknown).any


def test_another_kind_replaces_and_names_nothing_else() -> None:
    assert difference(RCU_STATE, inputs(vpc_id="v"), is_unknown) == Difference(["rcu"])
    assert difference(STATE, rcu_inputs(vpc_id="v"), is_unknown) == Difference(["rcu"])


def test_what_only_the_console_can_change_and_the_api_does_not_show() -> None:
    assert difference(RCU_STATE, rcu_inputs(rcu={"total": 20}), is_unknown) == Difference([], ["rcu"])
    error = refusal(rcu_inputs(rcu={"total": 20}), RCU_STATE)
    assert error.reason == (
        f"instance {ID} is not as declared in 'rcu' {SHOW}. No API changes 'rcu', nor shows whether the console has. "
        f"If the console has, run `pulumi state delete '{URN}'` and write adopt_id='{ID}'. Then `pulumi up` takes the "
        f"instance over as declared. Or declare the instance as it is, or leave it out of sight with "
        f"ignore_changes=['rcu']. {REPLACE}"
    )


# --- what a preview says of an update


def ahead(**changes: Any) -> str | None:
    return foretell(URN, ID, diff(**changes))


def test_a_preview_foretells_that_an_update_cannot_be_made() -> None:
    assert ahead(name="other", vpc_id=None) == (
        "There is no API to change 'name': do it in the ROMA Connect console first, or `pulumi up` fails. Or "
        "declare the instance as it is, or leave it out of sight with ignore_changes=['name']"
    )
    assert ahead(enable_all=False) == (
        "'enable_all' can only be set when an instance is created, so `pulumi up` fails. Declare the instance as it "
        "is, or leave it out of sight with ignore_changes=['enable_all']"
    )


def test_there_is_nothing_to_foretell_of_what_is_not_known_yet_or_replaces() -> None:
    assert ahead() is None
    assert ahead(name=Unknown()) is None
    assert ahead(name="other", vpc_id="other") is None
    assert "ignore_changes=['name']" in (ahead(name="other", description=Unknown()) or "")
