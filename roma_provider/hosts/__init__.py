"""Who runs the lifecycle. A host turns a call of its engine into an `Operation`, and the outcome into its answer.

The only folder that may touch gRPC, protobuf and the SDK's internals. Each such use has its reason, its upstream
issue, and what is left where the layout is another. `dynamic` is the host of Python dynamic providers, `plugin` that of
every other program; what they share is here: `call`, of a request a call of the lifecycle; `link`, the one connection
of a process to the engine; `status`, what the engine keeps of a failure. `terminal` looks at the terminal on which the
command line draws.
"""
