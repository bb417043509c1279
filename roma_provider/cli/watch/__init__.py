"""`roma watch`: follows one creation to its verdict.

`watch` is what it does and knows no output; `command` is where output goes and the exit codes; `views` and `screen`
are how it looks in a pipe, as JSON and on a terminal; `timeline` draws the creation.
"""
