"""The settings, each once: its names, its documentation, and what to write where it is missing.

Every message that names a key or a variable, and the tables of docs/settings.md and docs/signing-in.md, take them from
here (``make docs-tables``). The variables are those of Huawei's own Terraform and Pulumi providers and of its SDKs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def no_stack(_key: str) -> None:
    """The stack config of what runs outside of every stack, such as the commands of ``roma``."""


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
        ways += [f"`{self.command}`", f"environment variable {self.variable}", self.provider_input]
        return f"no {self.what} is given; set one of: {', '.join(ways)}"

    @property
    def provider_input(self) -> str:
        """What to write where the program has provider resources of its own, which do not see the stack config."""
        value = f'pulumi.Output.secret("{self.example}")' if self.secret else f'"{self.example}"'
        return f'input {{"{self.config}": {value}}} of a provider resource (which does not see the stack config)'


REGION = Key("roma:region", ("HW_REGION_NAME",), "cn-north-4", "region", "region of the instances, such as cn-north-4")
PROJECT = Key(
    "roma:projectId",
    ("HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "c29445cce74b445682de4fcf3102cec4",
    "project id",
    "id of the Huawei Cloud project; looked up where nobody gives one",
)
PROJECT_NAME = Key(
    "roma:projectName",
    ("HW_PROJECT_NAME",),
    "cn-north-4_dev",
    "project name",
    "name of the project, such as a sub-project's, in place of its id; looked up. If both are given, they must agree",
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
    "a file with AK/SK in its section `[basic]`, read where no other way to sign in is given",
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
AGENCY_NAME = Key(
    "roma:agencyName",
    ("HW_ASSUME_ROLE_AGENCY_NAME",),
    "deployers",
    "agency name",
    "name of an agency to assume, with any way to sign in: instances are those of the account that made it",
)
AGENCY_DOMAIN_NAME = Key(
    "roma:agencyDomainName",
    ("HW_ASSUME_ROLE_DOMAIN_NAME",),
    "their-account",
    "account (domain) name of the agency",
    "name of the account (domain) that made the agency",
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
ENTERPRISE_PROJECT = Key(
    "roma:enterpriseProjectId",
    ("HW_ENTERPRISE_PROJECT_ID",),
    "b7f0a3c2-1d7e-4a55-9f0d-2e6b4c8d0f44",
    "enterprise project id",
    "`enterprise_project_id` of a new instance that has none of its own; one that exists stays where it is",
)
PRODUCTS = Key(
    "roma:productIds",
    (),
    '{"basic": "00400-30101-0--0"}',
    "product ids",
    "JSON object from edition to product id, over the built-in table",
)
ADOPT = Key(
    "roma:adopt",
    ("ROMA_ADOPT",),
    '{"integration": "b037d389-62a4-464a-8461-c88797ad4f23"}',
    "instances to adopt",
    "for resources that have no instance yet, as `adopt_id`: `RESOURCE=ID` (several with commas), or "
    "`pulumi config set --path roma:adopt.RESOURCE ID`",
)
POLL = Key(
    "roma:pollSeconds",
    ("ROMA_POLL_SECONDS",),
    "5",
    "pause between two polls",
    "fixed seconds between two questions in a wait; unset, it asks when a call is worth it",
)
CALLS = Key(
    "roma:callsPerFiveMinutes",
    ("ROMA_CALLS_PER_FIVE_MINUTES",),
    "150",
    "most calls in five minutes",
    "the most calls to ROMA Connect that one process begins in any 5 minutes, from 20 to 100000",
    default="150",
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
JOURNAL = Key(
    None,
    ("ROMA_JOURNAL",),
    "/var/lib/roma-journal",
    "folder of the journal",
    "absolute path of a folder for the journal that outlives the machine's runs, such as a CI cache; unset, "
    "`~/.local/state/roma-provider`",
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
    PROJECT_NAME,
    ENTERPRISE_PROJECT,
    TOKEN,
    ACCESS_KEY,
    SECRET_KEY,
    SECURITY_TOKEN,
    CREDENTIALS_FILE,
    USER_NAME,
    USER_PASSWORD,
    DOMAIN_NAME,
    AGENCY_NAME,
    AGENCY_DOMAIN_NAME,
    AUTH_URL,
    CLOUD,
    ENDPOINT,
    PRODUCTS,
    ADOPT,
    POLL,
    CALLS,
    PROGRESS,
    RETRIES,
    TIMEOUT,
    JOURNAL,
    LOG,
)
"""Every setting, in the order of docs/settings.md."""

SIGNING_IN: tuple[Key, ...] = SETTINGS[: SETTINGS.index(PRODUCTS)]
"""Those that say where the API is and as whom it is asked."""

SECRETS: tuple[Key, ...] = tuple(key for key in SETTINGS if key.secret)


@dataclass(frozen=True)
class Refusal:
    """A variable of Huawei's own tools that says where or as whom, and that is not honoured here.

    Ignored in silence, it would have an instance ordered in another account. ``remedy`` is what to do about it.
    ``harmless`` are values, in small letters, that change nothing; beside the setting ``unless`` none changes anything.
    """

    variable: str
    remedy: str
    harmless: tuple[str, ...] = ()
    unless: Key | None = None

    def reason(self, environment: Mapping[str, str]) -> str | None:
        """Why these settings cannot be used; None if they can."""
        value = environment.get(self.variable, "").strip().lower()
        if not value or value in self.harmless:
            return None
        if self.unless is not None and any(environment.get(name, "").strip() for name in self.unless.variables):
            return None
        return f"it is set, and this provider does not honour it; unset it, and {self.remedy}"


_KEYS_INSTEAD = f"set {ACCESS_KEY.variable} and {SECRET_KEY.variable} (profiles of KooCLI are not read)"
_OIDC = "sign in another way (OIDC is not supported)"
REFUSED: tuple[Refusal, ...] = (
    Refusal("HW_SHARED_CONFIG_FILE", _KEYS_INSTEAD),
    Refusal("HW_PROFILE", _KEYS_INSTEAD),
    Refusal(
        "HW_SIGNING_ALGORITHM",
        "sign in another way where the cloud takes no other algorithm (requests are signed with HmacSHA256)",
        harmless=("hmacsha256",),
    ),
    Refusal(
        "HW_INSECURE",
        "have REQUESTS_CA_BUNDLE name a file with your CA's certificates (they are always checked)",
        harmless=("false", "f", "0"),
    ),
    Refusal(
        "HW_ASSUME_ROLE_DOMAIN_ID",
        f"set {AGENCY_DOMAIN_NAME.variable} (the account of an agency is given by its name)",
        unless=AGENCY_DOMAIN_NAME,
    ),
    Refusal("HW_ASSUME_ROLE_IDP_ID", _OIDC),
    Refusal("HW_ASSUME_ROLE_ID_TOKEN", _OIDC),
    Refusal("HW_ASSUME_ROLE_ID_TOKEN_FILE", _OIDC),
    Refusal("HUAWEICLOUD_SDK_IDP_ID", _OIDC),
    Refusal("HUAWEICLOUD_SDK_ID_TOKEN_FILE", _OIDC),
)


def is_refused(variable: str) -> bool:
    """Whether an error about this setting is about a variable that is not honoured."""
    return any(refusal.variable == variable for refusal in REFUSED)


# Product ids of the editions, from Huawei's Terraform provider for Cloud Stack. They differ by environment
# (the public cloud's examples begin with 00400), so that PRODUCTS can say otherwise.
PRODUCT_IDS: Mapping[str, str] = {
    "basic": "00300-30101-0--0",
    "professional": "00300-30102-0--0",
    "enterprise": "00300-30103-0--0",
    "platinum": "00300-30104-0--0",
    "platinumXB": "00300-30105-0--0",
}
