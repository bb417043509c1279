"""`roma doctor`: signs in as the provider would, reads, and says what it found. It sends GETs alone (and signs in).

Begin with ``command``. ``examination`` compares answers with the models. ``report`` makes a text for an issue.
``recording`` keeps the answers of an account, without what is the account's own (``masking``).
"""
