"""What `make test-languages` runs: the SDKs, what `make dist` makes, and programs in TypeScript and Go.

Node.js, npm and Go are those of PATH; npm takes its packages from its registry. `make test` leaves these tests out.
"""
