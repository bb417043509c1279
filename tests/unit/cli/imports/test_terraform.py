"""States of Terraform: what is taken from them, and what is said of those that are none."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.cli.imports import terraform
from roma_provider.cli.imports.terraform import Held, read
from roma_provider.errors import InputError
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED

FIXTURE = Path(__file__).parents[3] / "data" / "terraform_state.json"
ID = "b037d389-62a4-464a-8461-c88797ad4f23"


def state(*instances: Any, **resource: Any) -> dict[str, Any]:
    """A state with one resource of these instances."""
    given: dict[str, Any] = {
        "mode": "managed",
        "type": terraform.TYPE,
        "name": "orders",
        "instances": list(instances),
        **resource,
    }
    return {"version": 4, "terraform_version": "1.9.8", "resources": [given]}


def held(tmp_path: Path, data: Any) -> list[Held]:
    path = tmp_path / "terraform.tfstate"
    path.write_text(json.dumps(data))
    return read(str(path))


def test_the_fixture() -> None:
    assert read(str(FIXTURE)) == [
        Held("hcs_roma_connect_instance.orders", "orders", "ORDERS_ID", "orders", "cn-north-4"),
        Held('module.shop.hcs_roma_connect_instance.stock["eu"]', "stock-eu", "STOCK_ID", "stock", "cn-north-4"),
    ]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"\xef\xbb\xbf" + FIXTURE.read_bytes())))
    assert len(read("-")) == 2
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="standard input is closed; name a file"):
        read("-")


@pytest.mark.parametrize(
    ("instance", "address", "label"),
    [
        ({"index_key": 0}, "hcs_roma_connect_instance.orders[0]", "orders-0"),
        ({"index_key": "a\n$(x)"}, 'hcs_roma_connect_instance.orders["a\\n$(x)"]', "orders-a\n$(x)"),
        ({"index_key": True}, "hcs_roma_connect_instance.orders", "orders"),
        ({"index_key": {}}, "hcs_roma_connect_instance.orders", "orders"),
        ({}, "hcs_roma_connect_instance.orders", "orders"),
    ],
)
def test_addresses(tmp_path: Path, instance: dict[str, Any], address: str, label: str) -> None:
    [found] = held(tmp_path, state(instance))
    assert (found.address, found.label) == (address, label)


def test_what_is_odd_is_absent(tmp_path: Path) -> None:
    shapes: list[Any] = [None, [], {"id": 5, "name": {}, "region": ""}]
    found = held(tmp_path, state(*({"attributes": shape} for shape in shapes), name=7))
    assert found == [Held("hcs_roma_connect_instance.?", "instance", None, None, None)] * 3
    [deposed] = held(tmp_path, state({"deposed": "0a1b2c3d", "attributes": {"id": ID}}))
    assert (deposed.is_deposed, deposed.instance_id) == (True, ID)


@pytest.mark.parametrize("more", [{"mode": "data"}, {"type": "hcs_vpc"}, {"instances": None}])
def test_what_is_none_of_ours(tmp_path: Path, more: dict[str, Any]) -> None:
    assert held(tmp_path, state(**({"instances": [{}]} | more))) == []
    assert held(tmp_path, {"version": 4}) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("\ufeff\n", "it is empty"),
        ("[" * 100_000, "it is not JSON"),
        ("\ud800".encode("utf-16", "surrogatepass"), "it is not JSON"),
        ("[]", "it is not an object"),
        ("null", "it is not an object"),
        ('{"version": 3}', "its format is 3, not 4"),
        ('{"version": true}', "its format is True, not 4"),
        ('{"version": "4"}', "its format is unknown, not 4"),
        ("{}", "its format is unknown, not 4"),
        (f'{{"version": {"9" * 4000}}}', "its format is unknown, not 4"),
        ('{"version": 4, "resources": {}}', None),
        ('{"version": 4, "resources": [1]}', "its 'resources' is not a list of objects"),
        ('{"version": 4, "resources": "x"}', "its 'resources' is not a list of objects"),
        (json.dumps(state(7)), "its 'instances' is not a list of objects"),
        ('{"format_version": "1.0", "values": {}}', "it is the output of `terraform show -json`, or a plan"),
        ('{"encrypted_data": "x", "encryption_version": "v0"}', "it is encrypted"),
    ],
)
def test_what_is_no_state(tmp_path: Path, text: str | bytes, why: str | None) -> None:
    path = tmp_path / "file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if why is None:
        assert read(str(path)) == []
        return
    with pytest.raises(InputError, match=r"^--tfstate: .* is no state of Terraform that can be read: ") as raised:
        read(str(path))
    # In any folder but Terraform's, `terraform state pull` prints nothing and exits with 0. The file that its output
    # goes to is emptied first, so it must not be the state itself.
    told = "Write what `terraform state pull` (or `tofu state pull`) prints in Terraform's folder into a new file"
    assert f": {why}. {told}" in str(raised.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="none cannot be read: No such file or directory"):
        read(str(tmp_path / "none"))
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(str(tmp_path))
    monkeypatch.setattr(terraform, "MOST_BYTES", 1 << 20)
    with pytest.raises(InputError, match="it is larger than 1 MiB"):
        read("/dev/zero")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"name": JSON},
        optional={
            "module": JSON,
            "instances": JSON | st.lists(st.fixed_dictionaries({"attributes": JSON, "index_key": JSON}), max_size=2),
        },
    )
)
def test_nothing_in_a_state_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, more: dict[str, Any]
) -> None:
    try:
        found = held(tmp_path_factory.mktemp("state"), state(**more))
    except InputError:
        return
    assert {unicodedata.category(char) for one in found for char in one.address} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    } == set()


PAGE = Path(__file__).parents[4] / "docs" / "from-terraform.md"
# Of hcs_roma_connect_instance in terraform-provider-hcs: its schema, and docs/resources/roma_connect_instance.md.
ARGUMENTS = re.findall(
    r"\w+",
    "region name description product_id available_zones enterprise_project_id vpc_id subnet_id security_group_id "
    "eip_id ipv6_enable enable_all entrance_bandwidth_size mqs cpu_architecture maintain_begin maintain_end",
)


def test_the_page_has_every_argument_of_terraforms_and_names_of_ours_that_exist() -> None:
    _, _, table = PAGE.read_text(encoding="utf-8").partition("| Terraform | here | |\n|---|---|---|\n")
    rows = [row.split(" | ") for row in table.partition("\n\n")[0].splitlines()]
    theirs = {name for row in rows for name in re.findall(r"`([a-z_0-9]+)\b", row[0])}
    assert set(ARGUMENTS) - theirs == set()
    ours = {name for row in rows for name in re.findall(r"`([a-z_0-9]+)`", row[1])}
    same = {name for row in rows if "the same" in row[1] for name in re.findall(r"`([a-z_0-9]+)`", row[0])}
    assert (ours | same) - set(INSTANCE) - set(COMPUTED) - {"x86_64", "aarch64"} == set()
