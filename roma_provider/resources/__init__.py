"""What a program writes: `Instance`, `ExistingInstance`, their arguments and the types of their outputs.

Runs in the program's process, and only declares: importing it loads neither requests nor pydantic. Of Pulumi it
knows all, of the API nothing; what an argument means is said in `schema.catalogue`, against which a test holds the
arguments, overloads and outputs that are written out here for type checkers.

Begin with `instance`.
"""
