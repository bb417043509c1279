"""The host of Python dynamic providers: what `roma_provider.provider` hands its hooks to.

The SDK's host (``pulumi.dynamic.__main__``) passes hooks their properties and nothing else. `frames` digs up the
engine's request, its server and its address; `call` makes an `Operation` of a request, and of the outcome an answer;
`link` is the one connection of the process to the engine: log, Cancel, workers, liveness. Each part has a fall-back
of its own. `call` and `link` know nothing of this host, so that another may use them.

Begin with `host`, which the provider classes use.
"""
