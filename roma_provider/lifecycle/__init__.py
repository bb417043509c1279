"""What happens to an instance: check, diff, create, read, update, delete.

Knows no host and no Pulumi: each call gets an `Operation`, which is whatever runs it. `owned` is the life of an
instance that a stack owns, `referenced` that of one that somebody else makes; both read by `reading` and wait by
`waiting`. `custody` keeps an order from its intent until the engine has its instance.

Begin with `owned`, to be read from top to bottom.
"""
