"""An instance that CI orders: the state has its id at once, so that any later runner goes on with the wait."""

import pulumi

import roma_provider as roma

config = pulumi.Config()

order = roma.Instance(
    "integration",
    name=config.get("name") or "roma-ci",
    edition=config.get("edition") or "basic",
    available_zones=config.get_object("availableZones") or ["az0.dc0"],
    vpc_id=config.get("vpcId") or "f33728c1-e774-4a9b-a0bb-30b840645628",
    subnet_id=config.get("subnetId") or "f65009c8-7009-403c-abdf-3100f9817762",
    security_group_id=config.get("securityGroupId") or "272338c9-b3ee-41ae-a2b6-3942f31030da",
    wait=False,
    # What is deleted is lost with all that was made in it: only a stack that says so may.
    opts=pulumi.ResourceOptions(protect=config.get_bool("protect") is not False),
)
ready = roma.ExistingInstance(
    "integration-ready",
    instance_id=order.instance_id,
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="90m")),
)

# Those of `ready`: the order is not waited for, and shows the status that it began with.
pulumi.export("instance_id", order.instance_id)
pulumi.export("status", ready.status)
pulumi.export("connect_address", ready.connect_address)
