"""`roma`: what a person asks of ROMA Connect beside a Pulumi program. Needs the extra `cli`.

`application` has the command line, each command a module (or a folder) of its own; `main` is the entry point.
Commands only read, and use the settings, the sign-in and the wait of the provider, so that they come to the
verdicts of a `pulumi up`. ``codes`` has the exit codes, ``output`` the rule of ``--json``, ``usage`` the help.
"""
