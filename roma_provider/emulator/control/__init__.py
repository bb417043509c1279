"""The emulator as a program and as an object: its server, its command line, and the endpoints under /_emulator.

`client` is what tests and tools use of a running one; it needs requests alone. Begin with `server`.
"""
