"""One ROMA Connect instance. What the config leaves out has a default that suits the emulator."""

import pulumi

import roma_provider as roma

config = pulumi.Config()

instance = roma.Instance(
    "integration",
    name=config.get("name") or "roma-2222",
    product_id=config.get("productId") or "00300-30101-0--0",
    available_zones=config.get_object("availableZones") or ["az0.dc0"],
    vpc_id=config.get("vpcId") or "f33728c1-e774-4a9b-a0bb-30b840645628",
    subnet_id=config.get("subnetId") or "f65009c8-7009-403c-abdf-3100f9817762",
    security_group_id=config.get("securityGroupId") or "272338c9-b3ee-41ae-a2b6-3942f31030da",
    # What is deleted is lost with all that was made in it: only a stack that says so may.
    opts=pulumi.ResourceOptions(protect=config.get_bool("protect") is not False),
)

pulumi.export("instance_id", instance.id)
pulumi.export("status", instance.status)
pulumi.export("connect_address", instance.connect_address)
pulumi.export("created_at", instance.created_at_rfc3339)
pulumi.export("ready_at", instance.end_time_rfc3339)
