"""The emulated API itself: routes, sign-in, operations, and the JSON of their answers.

Follows the vendor's pages; where these are silent it guesses, and each guess is marked as one in the module's
docstring. Begin with `app`.
"""
