// One ROMA Connect instance. What the config leaves out has a default that suits the emulator.
package main

import (
	"github.com/OWNER/roma-provider/sdk/go/roma"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	given := func(key, otherwise string) pulumi.String {
		if value := settings.Get(key); value != "" {
			return pulumi.String(value)
		}
		return pulumi.String(otherwise)
	}

	// What is deleted is lost with all that was made in it: only a stack that says so may.
	protect := settings.Get("protect") != "false"
	integration, err := roma.NewInstance(ctx, "integration", &roma.InstanceArgs{
		Name:            pulumi.String("roma-2222"),
		Edition:         pulumi.String("basic"),
		AvailableZones:  pulumi.ToStringArray([]string{"az0.dc0"}),
		VpcId:           given("vpcId", "f33728c1-e774-4a9b-a0bb-30b840645628"),
		SubnetId:        given("subnetId", "f65009c8-7009-403c-abdf-3100f9817762"),
		SecurityGroupId: given("securityGroupId", "272338c9-b3ee-41ae-a2b6-3942f31030da"),
		Mqs:             roma.MqsArgs{EngineVersion: pulumi.String("2.7"), SslEnable: pulumi.Bool(true)},
	}, pulumi.Protect(protect))
	if err != nil {
		return err
	}

	// Looked up by its id, as it would be in another stack.
	seen := roma.LookupInstanceOutput(ctx, roma.LookupInstanceOutputArgs{Id: integration.InstanceId})

	ctx.Export("instanceId", integration.InstanceId)
	ctx.Export("status", integration.Status)
	ctx.Export("connectAddress", integration.ConnectAddress)
	ctx.Export("readyAt", integration.EndTimeRfc3339)
	ctx.Export("seen", seen.InstanceId())
	return nil
}
