"""A warning, in the program, of a secret that stands in clear in the stack's config.

Only the program can tell: the plugin is given the values without the mark. The engine copies such a value
into the state as it is, whatever the provider does.
"""

import pulumi
from pulumi.runtime import is_config_secret

from ..config.keys import SECRETS

SECRET_KEYS = tuple(key.name for key in SECRETS)

_warned: set[str] = set()


def warn_of_plain_secrets() -> None:
    """Warn of each secret key that was set without ``--secret``, once for a program."""
    for key in SECRET_KEYS:
        namespace, _, name = key.partition(":")
        if key not in _warned and pulumi.Config(namespace).get(name) is not None and not is_config_secret(key):
            _warned.add(key)
            pulumi.log.warn(
                f"{key} stands in clear in the stack's config and so in its state; set it again with "
                f"`pulumi config set --secret {key}`"
            )
