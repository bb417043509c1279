"""One ROMA Connect instance.

The network ids have defaults that suit the emulator (`make up`). For a real account, here or at the root:

    pulumi config set roma:region cn-north-4
    pulumi config set roma:projectId <id>
    pulumi config set --secret roma:token <token>      # or HW_AUTH_TOKEN in the environment
    pulumi config set vpcId <id> && pulumi config set subnetId <id> && pulumi config set securityGroupId <id>
    pulumi config set --path 'availableZones[0]' <zone>
"""

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
)

pulumi.export("instance_id", instance.id)
pulumi.export("status", instance.status)
pulumi.export("connect_address", instance.connect_address)
pulumi.export("available_zones", instance.available_zones)
pulumi.export("services", instance.services)
pulumi.export("product_id", instance.product_id)
pulumi.export("created_at", instance.created_at)
