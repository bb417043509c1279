"""What an instance is: its arguments, its outputs, and what a change of them means.

`catalogue` has one row an argument, `fields` one each other output; check, diff, outputs, requests and the tables of
the docs are read off them.
Knows settings and verdicts, but sends nothing itself: only `place` may have IAM asked for a project.

The way of an argument: `check` → `requests` → (the API) → `outputs` → `diff`.
"""
