"""The host of programs in every language: `pulumi-resource-roma`, a resource plugin of Pulumi's.

`server` answers the engine's calls by the lifecycle. Only here is known how Pulumi writes things: `names` has the
properties' spelling on the wire, `words` that of messages, `wire` the values; `schema` is what other languages know of
the package, made from the catalogue. `call` is a call as the lifecycle sees it, `previews` what it will give as far as
that is known, `importing` the inputs of an instance that is imported; `main` is the command.

Begin with `server`.
"""
