"""What the resources make of a program's ResourceOptions."""

import copy

import pulumi


def resumable(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """A copy of the options in which a resumed wait has the time of the first; the user's own are left as they are."""
    mine = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    times = mine.custom_timeouts
    if times is not None and times.create and not times.update:
        # A resumed wait runs as an update, which the engine would otherwise give no time-out.
        mine.custom_timeouts = pulumi.CustomTimeouts(
            create=times.create, update=times.create, delete=times.delete, read=times.read
        )
    return mine
