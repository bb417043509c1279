"""The golden previews of one instance that is as it was declared."""

from __future__ import annotations

from tests.engine.golden import DATA_LOSS, Case
from tests.engine.golden_programs import compute, edition
from tests.engine.programs import OTHER_VPC, Code

NOT_HERE = "do it in the ROMA Connect console first, or `pulumi up` fails"
OTHER_PROJECT = "d" * 32


def replaced(key: str, about: str, *, name: str | None = None, title: str = "", **changes: object) -> Case:
    """The replacement of an instance of an edition because of one argument."""
    return Case(
        name=name or f"replaced-{key.replace('_', '-')}",
        title=f"Replaced because of {title or key}",
        about=f"{about} The instance is deleted with everything in it, and another one made.",
        program=edition(**changes),
        op="replace",
        because=(key,),
        says=(DATA_LOSS,),
        lost=True,
    )


def updated(of: str, title: str, about: str, /, says: str = NOT_HERE, **changes: object) -> Case:
    """An update of an instance of an edition."""
    return Case(name=f"updated-{of}", title=title, about=about, program=edition(**changes), op="update", says=(says,))


NOTHING = [
    Case("unchanged", "Nothing changed", "The instance has no line, and no call of the API is made.", edition()),
    Case(
        "unchanged-custom-timeouts",
        "Only custom_timeouts changed",
        "They are no property of the instance, so it has no line.",
        edition(opts=Code('pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="2h"))')),
    ),
    Case(
        "unchanged-environment",
        "The environment names another region",
        "A variable of whoever runs `pulumi` does not move an instance that exists. A warning says so, and what would.",
        edition(),
        says=("but this instance lives in cn-north-4 and stays there",),
        environment={"HW_REGION_NAME": "cn-east-3"},
    ),
    Case(
        "unchanged-without-sign-in",
        "Nothing changed, and no way to sign in",
        "As in a pull request from a fork, which has no secrets. What does not change needs none; a warning says so "
        "once for all instances.",
        edition(),
        says=("no way to sign in is given",),
        environment={"HW_AUTH_TOKEN": ""},
    ),
]

REPLACED = [
    replaced("region", "The region is given as an argument, and is another one.", region="cn-east-3"),
    replaced("project_id", "The project is given as an argument, and is another one.", project_id=OTHER_PROJECT),
    Case(
        "replaced-region-config",
        "Replaced because of the region in the stack's config",
        "The stack's config says where the instance lives, so a change of it moves the instance: the old one is "
        "deleted with everything in it, and another one made.",
        edition(),
        op="replace",
        because=("region",),
        says=(DATA_LOSS,),
        lost=True,
        config={"roma:region": "cn-east-3"},
    ),
    replaced(
        "product_id",
        "A product id in place of the edition, and one of another product.",
        edition=None,
        product_id="00300-30102-0--0",
    ),
    replaced("edition", "Another edition, which stands for another product id.", edition="professional"),
    replaced("available_zones", "Another zone.", available_zones=["az1.dc1"]),
    replaced("vpc_id", "Another VPC.", vpc_id=OTHER_VPC),
    replaced("subnet_id", "Another subnet.", subnet_id="7c1d4f6e-90a3-4a53-8c7c-4f2f1b0c9d22"),
    replaced("security_group_id", "Another security group.", security_group_id="a1f0c3de-6d0b-4a57-b3b5-0c6a1e9f8d33"),
    replaced("cpu_architecture", "Another architecture than the default, x86_64.", cpu_architecture="aarch64"),
    replaced(
        "rcu",
        "RCUs in place of the edition: another kind of instance.",
        name="replaced-edition-by-rcu",
        title="rcu, by an RCU instance",
        edition=None,
        security_group_id=None,
        rcu={"total": 5},
    ),
]

UPDATED = [
    updated("name", "Another name", "Only the console can change it, and the preview says so.", name="roma-3333"),
    updated("description", "Another description", "As for the name.", description="messages and APIs"),
    updated(
        "maintenance-window",
        "A maintenance window",
        "As for the name.",
        maintain_begin="22:00:00",
        maintain_end="02:00:00",
    ),
    updated("enterprise-project", "Another enterprise project", "As for the name.", enterprise_project_id="ep-1"),
    updated(
        "public-access",
        "Public access",
        "As for the name.",
        eip_id="c8f0a6ba-3d6c-4b0f-8a0a-64c1b7a3ce55",
        ingress_bandwidth_size=5,
    ),
    updated(
        "ipv6",
        "IPv6",
        "Whether an instance has IPv6 is settled when it is created.",
        says="'ipv6_enable' can only be set when an instance is created",
        ipv6_enable=True,
    ),
    updated(
        "enable-all",
        "Message queues alone",
        "Which sub-services an instance has is settled when it is created, and the API does not show it.",
        says="'enable_all' can only be set when an instance is created",
        enable_all=False,
    ),
    updated(
        "mqs",
        "Settings of the message queues",
        "They are settled when the instance is created, and the API does not show them.",
        says="'mqs' can only be set when an instance is created",
        mqs={"ssl_enable": True},
    ),
]

REFUSED = [
    Case(
        "refused-scope",
        "An argument that only RCU instances have",
        "The endpoint for an instance of an edition does not take `scope`, so the preview refuses it by name.",
        edition(scope="edge"),
        says=("an instance of an edition does not take it, only an RCU instance does; leave it out",),
        code=1,
    ),
    Case(
        "refused-two-kinds",
        "An edition and RCUs at once",
        "An instance is of one kind, and RCU instances take no security group either. Each argument has its own line.",
        edition(rcu={"total": 5}),
        says=("these are two kinds of instance", "an RCU instance does not take it"),
        code=1,
    ),
]

OF_COMPUTE = [
    Case(
        "updated-rcu",
        "More RCUs",
        "The console can change them, but the API neither changes nor shows them, so the preview says what to do.",
        compute(rcu={"total": 20}),
        op="update",
        says=("No API changes 'rcu', nor shows whether the console has",),
    ),
    Case(
        "updated-publicip-enable",
        "Public access to an RCU instance",
        "As for its RCUs.",
        compute(publicip_enable=True),
        op="update",
        says=("No API changes 'publicip_enable', nor shows whether the console has",),
    ),
    Case(
        "replaced-rcu-by-edition",
        "Replaced because of rcu, by an instance of an edition",
        "An edition in place of RCUs: another kind of instance. The instance is deleted with everything in it, and "
        "another one made.",
        compute(rcu=None, edition="basic", security_group_id="272338c9-b3ee-41ae-a2b6-3942f31030da"),
        op="replace",
        because=("rcu",),
        says=(DATA_LOSS,),
        lost=True,
    ),
    Case(
        "refused-security-group",
        "A security group for an RCU instance",
        "The endpoint for RCU instances does not take `security_group_id`, so the preview refuses it by name.",
        compute(security_group_id="272338c9-b3ee-41ae-a2b6-3942f31030da"),
        says=("an RCU instance does not take it, only an instance of an edition does; leave it out",),
        code=1,
    ),
]
