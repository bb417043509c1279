// One ROMA Connect instance. What the config leaves out has a default that suits the emulator.
import * as pulumi from "@pulumi/pulumi";
import * as roma from "pulumi-roma";

const config = new pulumi.Config();

const integration = new roma.Instance(
    "integration",
    {
        name: "roma-2222",
        edition: "basic",
        availableZones: ["az0.dc0"],
        vpcId: config.get("vpcId") ?? "f33728c1-e774-4a9b-a0bb-30b840645628",
        subnetId: config.get("subnetId") ?? "f65009c8-7009-403c-abdf-3100f9817762",
        securityGroupId: config.get("securityGroupId") ?? "272338c9-b3ee-41ae-a2b6-3942f31030da",
        mqs: { engineVersion: "2.7", sslEnable: true },
    },
    // What is deleted is lost with all that was made in it: only a stack that says so may.
    { protect: config.getBoolean("protect") ?? true },
);

export const instanceId = integration.instanceId;
export const status = integration.status;
export const connectAddress = integration.connectAddress;
export const readyAt = integration.endTimeRfc3339;
// Looked up by its id, as it would be in another stack.
export const seen = roma.getInstanceOutput({ id: integration.instanceId }).instanceId;
