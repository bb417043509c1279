"""Makes and deletes an instance from Python, and shows its progress: `python . up STACK`, `python . destroy STACK`."""

import argparse
from pathlib import Path

import pulumi
from pulumi import automation

import roma_provider as roma


def program() -> None:
    """What a `__main__.py` would declare."""
    config = pulumi.Config()
    instance = roma.Instance(
        "integration",
        name=config.get("name") or "roma-automation",
        edition=config.get("edition") or "basic",
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


def show(event: automation.EngineEvent) -> None:
    """What the provider says of its instance: how far the creation is, warnings, what went wrong."""
    said = event.diagnostic_event
    if said is not None and said.urn:
        print(f"{said.urn.rsplit('::', 1)[-1]}: {said.message.rstrip()}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python .", description=__doc__)
    parser.add_argument("verb", choices=["up", "destroy"])
    parser.add_argument("stack")
    arguments = parser.parse_args()
    # The folder holds Pulumi.yaml and the stack's config, so `pulumi config set` works here too.
    here = automation.LocalWorkspace(work_dir=str(Path(__file__).parent))
    stack = automation.create_or_select_stack(
        arguments.stack,
        project_name=here.project_settings().name,
        program=program,
        opts=automation.LocalWorkspaceOptions(work_dir=here.work_dir),
    )
    try:
        if arguments.verb == "destroy":
            stack.destroy(on_event=show)
            return 0
        outputs = stack.up(on_event=show).outputs
    except automation.ConcurrentUpdateError:
        print("another run holds the stack", flush=True)
        return 1
    except automation.CommandError:
        # Why is among what was shown above. An instance that was ordered is in the state.
        print(f"not done; `python . {arguments.verb} {arguments.stack}` goes on where this ended", flush=True)
        return 1
    print(f"{outputs['status'].value} at {outputs['connect_address'].value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
