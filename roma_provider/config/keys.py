"""The settings, each once: its names, its documentation, and what to write where it is missing.

Every message that names a key or a variable, and the tables of README.md and docs/signing-in.md (``make docs-tables``),
take them from here. The variables are those of Huawei's own Terraform and Pulumi providers and of its SDKs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A setting.

    ``config`` is its key in stack config, None where there is none. The first of ``variables`` is the one that is
    named to users. ``example`` is a value. ``what`` is the setting in few words, for messages; ``doc`` says in the
    tables what it is, with its unit. ``default`` is what holds where nobody sets it; None where nothing does, or
    where code decides.
    """

    config: str | None
    variables: tuple[str, ...]
    example: str
    what: str
    doc: str
    secret: bool = False
    default: str | None = None

    @property
    def name(self) -> str:
        """The name that users know it by: its key in stack config, or its variable where there is no key."""
        return self.config or self.variable

    @property
    def variable(self) -> str:
        return self.variables[0]

    @property
    def command(self) -> str:
        """The command that sets it in stack config."""
        return f"pulumi config set {'--secret ' if self.secret else ''}{self.config} {self.example}"

    def missing(self, argument: str | None = None) -> str:
        """What to write where this setting was found nowhere."""
        ways = [f"argument {argument}"] if argument else []
        ways += [f"`{self.command}`", f"environment variable {self.variable}"]
        return f"no {self.what} is given; set one of: {', '.join(ways)}"


REGION = Key("roma:region", ("HW_REGION_NAME",), "cn-north-4", "region", "region of the instances, such as cn-north-4")
PROJECT = Key(
    "roma:projectId",
    ("HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "c29445cce74b445682de4fcf3102cec4",
    "project id",
    "id of the Huawei Cloud project; looked up where nobody gives one",
)
TOKEN = Key(
    "roma:token",
    ("HW_AUTH_TOKEN",),
    "MIIE…",
    "IAM token",
    "an IAM token of that project, valid for 24 hours; or else AK/SK, or an IAM user",
    secret=True,
)
ACCESS_KEY = Key(
    "roma:accessKey", ("HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"), "QTWA…", "access key", "access key (AK)", secret=True
)
SECRET_KEY = Key(
    "roma:secretKey", ("HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"), "MFyf…", "secret key", "its secret key (SK)", secret=True
)
SECURITY_TOKEN = Key(
    "roma:securityToken",
    ("HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    "gQpj…",
    "security token",
    "with temporary keys, their security token",
    secret=True,
)
CREDENTIALS_FILE = Key(
    None,
    ("HUAWEICLOUD_SDK_CREDENTIALS_FILE",),
    "~/.huaweicloud/credentials",
    "file of credentials",
    "a file with AK/SK in its section `[basic]`, read where no other way in is given",
    default="~/.huaweicloud/credentials",
)
USER_NAME = Key(
    "roma:userName",
    ("HW_USER_NAME",),
    "zhangyue",
    "IAM user name",
    "name of an IAM user, whose token is fetched and renewed",
)
USER_PASSWORD = Key(
    "roma:userPassword", ("HW_USER_PASSWORD",), "…", "password of the IAM user", "the user's password", secret=True
)
DOMAIN_NAME = Key(
    "roma:domainName",
    ("HW_DOMAIN_NAME",),
    "my-account",
    "account (domain) name of the IAM user",
    "name of the user's account (domain)",
)
AUTH_URL = Key(
    "roma:authUrl",
    ("HW_AUTH_URL", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
    "https://iam.cn-north-4.myhuaweicloud.com",
    "address of IAM",
    "IAM, in place of `https://iam.REGION.CLOUD`; with or without `/v3`",
)
CLOUD = Key(
    "roma:cloud",
    ("HW_CLOUD",),
    "myhuaweicloud.com",
    "domain of the cloud",
    "CLOUD, the domain of a private cloud; for regions eu-west-1… `myhuaweicloud.eu`",
    default="myhuaweicloud.com",
)
ENDPOINT = Key(
    "roma:endpoint",
    ("ROMA_ENDPOINT",),
    "https://roma.cn-north-4.myhuaweicloud.com",
    "endpoint",
    "ROMA Connect, in place of `https://roma.REGION.CLOUD`; https, or http to loopback",
)
PRODUCTS = Key(
    "roma:productIds",
    (),
    '{"basic": "00400-30101-0--0"}',
    "product ids",
    "JSON object from edition to product id, over the built-in table",
)
POLL = Key(
    "roma:pollSeconds",
    ("ROMA_POLL_SECONDS",),
    "5",
    "pause between two polls",
    "seconds between two questions in a wait",
    default="5",
)
PROGRESS = Key(
    None,
    ("ROMA_PROGRESS",),
    "plain",
    "kind of progress",
    "`live` or `plain` progress; unset, the terminal decides",
)
RETRIES = Key(
    "roma:maxRetries",
    ("HW_MAX_RETRIES",),
    "5",
    "number of retries of a call",
    "outside of waits: how often a call is repeated, 0 to 10",
    default="5",
)
TIMEOUT = Key(
    "roma:timeoutSeconds",
    ("ROMA_TIMEOUT_SECONDS",),
    "30",
    "time for one call",
    "outside of waits: seconds that one attempt of a call may take",
    default="30",
)
LOG = Key(
    None,
    ("ROMA_LOG",),
    "debug",
    "log of calls",
    "`debug` writes a line on standard error for each request that is sent",
)

SETTINGS: tuple[Key, ...] = (
    REGION,
    PROJECT,
    TOKEN,
    ACCESS_KEY,
    SECRET_KEY,
    SECURITY_TOKEN,
    CREDENTIALS_FILE,
    USER_NAME,
    USER_PASSWORD,
    DOMAIN_NAME,
    AUTH_URL,
    CLOUD,
    ENDPOINT,
    PRODUCTS,
    POLL,
    PROGRESS,
    RETRIES,
    TIMEOUT,
    LOG,
)
"""Every setting, in the order of README's table."""

SIGNING_IN: tuple[Key, ...] = SETTINGS[: SETTINGS.index(PRODUCTS)]
"""Those that say where the API is and as whom it is asked."""

SECRETS: tuple[Key, ...] = tuple(key for key in SETTINGS if key.secret)

# Product ids of the editions, from Huawei's Terraform provider for Cloud Stack. They differ by environment
# (the public cloud's examples begin with 00400), so that PRODUCTS can say otherwise.
PRODUCT_IDS: Mapping[str, str] = {
    "basic": "00300-30101-0--0",
    "professional": "00300-30102-0--0",
    "enterprise": "00300-30103-0--0",
    "platinum": "00300-30104-0--0",
    "platinumXB": "00300-30105-0--0",
}
