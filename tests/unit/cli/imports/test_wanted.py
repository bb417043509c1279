"""Which instances are meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.imports.wanted import Asked, Wish, resolve
from roma_provider.errors import InputError
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, FakeClient, Host, summary

STATE = Path(__file__).parents[3] / "data" / "terraform_state.json"
LISTED = [summary(OTHER_ID, "stock"), summary(ID, "orders"), summary("33333333-3", "old", "DELETED")]


def asked(folder: Path, *names: str, **wish: Any) -> tuple[Asked, int]:
    """What is meant, and how many lists were asked."""
    host = Host(FakeClient(lists=[wish.pop("listed", LISTED)]), folder)
    return resolve(host.session, Wish(names, **wish)), host.client.counts["list"]


def ids(found: Asked) -> list[str]:
    return [one.found.instance_id for one in found.wanted]


def test_ids_need_no_list(tmp_path: Path) -> None:
    found, lists = asked(tmp_path, OTHER_ID, ID, OTHER_ID)
    assert (ids(found), found.problems, lists) == ([OTHER_ID, ID], [], 0)


def test_names_and_all_need_one(tmp_path: Path) -> None:
    found, lists = asked(tmp_path, "stock", ID, "none")
    assert (ids(found), lists) == ([ID, OTHER_ID], 1)  # by name
    assert len(found.problems) == 1
    found, lists = asked(tmp_path, every=True)
    assert (ids(found), found.problems, lists) == ([ID, OTHER_ID], [], 1)
    assert [one.known_as for one in found.wanted] == ["orders", "stock"]


def test_an_empty_project(tmp_path: Path) -> None:
    found, _ = asked(tmp_path, every=True, listed=[])
    assert (ids(found), found.problems) == ([], [f"there is no instance in project {PROJECT} of {REGION}"])


def fixture(folder: Path, *instances: dict[str, Any]) -> str:
    """The fixture with ids; or, of its resource `orders`, these instances."""
    state = json.loads(STATE.read_text().replace("ORDERS_ID", ID).replace("STOCK_ID", OTHER_ID))
    if instances:
        state["resources"] = [{**state["resources"][2], "instances": list(instances)}]
    path = folder / "terraform.tfstate"
    path.write_text(json.dumps(state))
    return str(path)


def test_those_of_a_state(tmp_path: Path) -> None:
    found, lists = asked(tmp_path, tfstate=fixture(tmp_path))
    assert (ids(found), found.problems, lists) == ([ID, OTHER_ID], [], 0)
    assert [one.label for one in found.wanted] == ["orders", "stock-eu"]
    assert found.wanted[1].address == 'module.shop.hcs_roma_connect_instance.stock["eu"]'
    assert found.wanted[0].found.region == "cn-north-4"


@pytest.mark.parametrize("name", ["stock", OTHER_ID, 'module.shop.hcs_roma_connect_instance.stock["eu"]'])
def test_some_of_a_state(tmp_path: Path, name: str) -> None:
    found, _ = asked(tmp_path, name, "none", tfstate=fixture(tmp_path))
    assert ids(found) == [OTHER_ID]
    said = "the state holds no hcs_roma_connect_instance with the address, the id or the name 'none'"
    assert found.problems == [said]


def test_a_state_without_any(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text('{"version": 4, "resources": []}')
    found, _ = asked(tmp_path, tfstate=str(path))
    assert found.problems == [f"{path} holds no hcs_roma_connect_instance"]


@pytest.mark.parametrize(
    ("instance", "problem"),
    [
        ({"attributes": {"id": "../../x"}}, "the state says what cannot be: write an instance id, such as"),
        ({"attributes": {}}, "the state says what cannot be: write an instance id, such as"),
        ({"attributes": {"id": ID, "region": "A\nB"}}, "the state says what cannot be: write a region id, such as"),
        ({"attributes": {"id": ID}, "deposed": "0a1b2c3d"}, "Terraform has replaced this one, and has still to delete"),
    ],
)
def test_what_a_state_holds_that_cannot_be_imported(tmp_path: Path, instance: dict[str, Any], problem: str) -> None:
    found, _ = asked(tmp_path, tfstate=fixture(tmp_path, instance))
    assert ids(found) == []
    assert found.problems[0].startswith(f"hcs_roma_connect_instance.orders: {problem}")


def test_one_instance_in_two_resources(tmp_path: Path) -> None:
    twice = [{"index_key": number, "attributes": {"id": ID, "region": REGION}} for number in (0, 1)]
    found, _ = asked(tmp_path, tfstate=fixture(tmp_path, *twice))
    name = "hcs_roma_connect_instance.orders"
    assert (ids(found), found.problems) == ([ID], [f"{name}[1] is the same instance as {name}[0]"])


def test_the_region_is_the_states(tmp_path: Path) -> None:
    path = fixture(tmp_path, {"attributes": {"id": ID, "region": "eu-west-101"}})
    [one] = asked(tmp_path, tfstate=path)[0].wanted
    assert one.found.region == "eu-west-101"
    with pytest.raises(InputError, match=r"^--region: Terraform has hcs_roma_connect_instance.orders in eu-west-101"):
        asked(tmp_path, tfstate=path, region="eu-west-102")
    path = fixture(tmp_path, {"attributes": {"id": ID}})
    [one] = asked(tmp_path, tfstate=path, region="eu-west-102")[0].wanted
    assert one.found.region == "eu-west-102"
