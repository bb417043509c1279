"""Where to talk to and as whom: settings and the ways to sign in.

`keys` has one row a setting; the tables of the docs are made from it. `settings` reads them, `credentials` finds
the way to sign in, `sign_in` makes of it what signs requests.
"""
