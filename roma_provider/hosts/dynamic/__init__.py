"""The host of Python dynamic providers: what `roma_provider.provider` hands its hooks to.

The SDK's host (``pulumi.dynamic.__main__``) passes hooks their properties and nothing else. `frames` digs up the
engine's request, its server and its address; `call` makes an `Operation` of a request, with what that host has in each
state; `program` and `known` run in the program. Each part has a fall-back of its own.

Begin with `host`, which the provider classes use.
"""
