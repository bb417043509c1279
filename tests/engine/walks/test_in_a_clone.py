"""README.md and the pages that begin in a clone, from there and with what is really installed."""

from __future__ import annotations

import json

from roma_provider.emulator import ACCESS_KEY, SECRET_KEY
from tests.engine.walks.reader import AS_AN_ACCOUNT, BESIDE, InClone

HEAD = "import pulumi\n\nimport roma_provider as roma\n\n"
NETWORK = ("vpc-1", "subnet-1", "group-1")
PRODUCT, ZONE = "00300-30101-0--0", "az0.dc0"


def test_try_it(in_clone: InClone) -> None:
    [block] = in_clone.page("README.md")
    run = in_clone.types(block)
    assert "+ 2 created" in run.text
    assert "created in 8 s" in run.text
    assert "RUNNING" in run.text
    assert "- 2 deleted" in run.text
    stacks = in_clone.folder / ".state" / "backend" / ".pulumi" / "stacks"
    assert not list(stacks.rglob("emulator.json"))


def test_your_own_program(in_clone: InClone) -> None:
    start, program = in_clone.page("README.md")
    install, verdict = in_clone.page("docs/watching.md")
    in_clone.types(start)
    in_clone.stays(PULUMI_CONFIG_PASSPHRASE="try")
    folder = in_clone.folder.parent / "my-roma"
    [made] = in_clone.resources("roma-quickstart", "roma:Instance", "try")
    assert in_clone.outputs("roma-quickstart", "try")["instance_id"] == made["id"]

    # The program of the page is the one that `pulumi new` has written, as far as it goes.
    (folder / "__main__.py").write_text(HEAD + program.text)
    run = in_clone.types(f"{BESIDE}\npulumi up --yes", below="../my-roma")
    assert "2 unchanged" in run.text
    assert in_clone.outputs("roma-quickstart", "try") == {"connect_address": made["outputs"]["connect_address"]}

    watch = install.filled(words={"b037d389-62a4-464a-8461-c88797ad4f23": made["id"]})
    # What is installed is found in the clone, so that nothing is fetched.
    own = {"PIP_NO_INDEX": "1", "ID": made["id"]}
    run = in_clone.types(BESIDE, watch, verdict, below="../my-roma", environment=own)
    assert run.stdout.splitlines()[-1] == "ready"


def test_with_an_account(in_clone: InClone) -> None:
    """The emulator plays the account, with keys and a project id that has to be looked up."""
    [readme] = in_clone.page("README.md")
    [quickstart] = in_clone.page("examples/quickstart/README.md")
    in_clone.types('eval "$(make env)"')
    in_clone.stays()
    for stack, filled in (
        ("first", readme.filled(ACCESS_KEY, SECRET_KEY, NETWORK[0], PRODUCT, ZONE)),
        ("second", quickstart.filled(ACCESS_KEY, SECRET_KEY, *NETWORK, PRODUCT, ZONE)),
    ):
        folder = in_clone.folder.parent / f"{stack}-account"
        folder.mkdir()
        new = [
            "mkdir -p ~/pulumi-state && pulumi login file://$HOME/pulumi-state",
            "pulumi new ../CLONE/examples/quickstart --generate-only --yes",
            f"pulumi stack init {stack}",
        ]
        run = in_clone.types(*new, BESIDE, AS_AN_ACCOUNT, filled, below=f"../{folder.name}")
        assert "+ 2 created" in run.text
        [made] = in_clone.resources("roma-quickstart", "roma:Instance", stack)
        assert (made["outputs"]["vpc_id"], made["outputs"]["available_zones"]) == (NETWORK[0], [ZONE])


def test_the_page_of_yaml(in_clone: InClone) -> None:
    start, with_an_account = in_clone.page("examples/yaml/README.md")
    run = in_clone.types(start)
    assert "+ 2 created" in run.text
    filled = with_an_account.filled(ACCESS_KEY, SECRET_KEY, *NETWORK)
    in_clone.stays()
    # In an account of its own, and with nothing made there so far.
    another = BESIDE.replace("roma.sqlite", "other.sqlite")
    run = in_clone.types(another, AS_AN_ACCOUNT, "pulumi stack init account", filled, below="examples/yaml")
    [made] = in_clone.resources("roma-yaml", "roma:index:Instance", "account")
    assert (made["outputs"]["vpcId"], made["outputs"]["status"]) == (NETWORK[0], "RUNNING")
    assert json.dumps(made).count(SECRET_KEY) == 0
