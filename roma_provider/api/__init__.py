"""ROMA Connect over HTTP: requests, answers, retries, signatures. Knows no Pulumi and no settings.

`client` has one method an operation; `models` what is sent and received; `transport` sends, gives up when
`deadline` says so, and sends again as `retry` says. What an answer is is checked here, once, where it comes in.

Begin with `client`.
"""
