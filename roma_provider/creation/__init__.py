"""Waiting for a creation, and saying how far it is. Knows no HTTP and no Pulumi.

`wait` asks again and again, when `schedule` says so, until there is a `verdict`. `line` is a creation in one line
for people's eyes, `words` are those of errors, `pace` chooses the lines that a log gets.

Begin with `wait`.
"""
