"""The names of the settings: stack config, environment variables, and what to write where one is missing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A setting: its key in stack config, its environment variables (the first is the one that is named to users),
    and an example of a value."""

    config: str
    variables: tuple[str, ...]
    example: str
    what: str
    secret: bool = False

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


REGION = Key("roma:region", ("HW_REGION_NAME",), "cn-north-4", "region")
PROJECT = Key(
    "roma:projectId",
    ("HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"),
    "c29445cce74b445682de4fcf3102cec4",
    "project id",
)

TOKEN = Key("roma:token", ("HW_AUTH_TOKEN",), "MIIE…", "IAM token", secret=True)
ACCESS_KEY = Key("roma:accessKey", ("HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"), "QTWA…", "access key", secret=True)
SECRET_KEY = Key("roma:secretKey", ("HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"), "MFyf…", "secret key", secret=True)
SECURITY_TOKEN = Key(
    "roma:securityToken",
    ("HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    "gQpj…",
    "security token",
    secret=True,
)
USER_NAME = Key("roma:userName", ("HW_USER_NAME",), "zhangyue", "IAM user name")
USER_PASSWORD = Key("roma:userPassword", ("HW_USER_PASSWORD",), "…", "password of the IAM user", secret=True)
DOMAIN_NAME = Key("roma:domainName", ("HW_DOMAIN_NAME",), "my-account", "account (domain) name of the IAM user")

ENDPOINT = Key("roma:endpoint", ("ROMA_ENDPOINT",), "https://roma.cn-north-4.myhuaweicloud.com", "endpoint")
AUTH_URL = Key(
    "roma:authUrl",
    ("HW_AUTH_URL", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
    "https://iam.cn-north-4.myhuaweicloud.com",
    "address of IAM",
)
CLOUD = Key("roma:cloud", ("HW_CLOUD",), "myhuaweicloud.com", "domain of the cloud")
POLL = Key("roma:pollSeconds", ("ROMA_POLL_SECONDS",), "5", "pause between two polls")
RETRIES = Key("roma:maxRetries", ("HW_MAX_RETRIES",), "5", "number of retries of a call")
TIMEOUT = Key("roma:timeoutSeconds", ("ROMA_TIMEOUT_SECONDS",), "30", "time for one call")
PROGRESS = Key("", ("ROMA_PROGRESS",), "plain", "kind of progress")
PRODUCTS = "roma:productIds"

SECRETS = (TOKEN, ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN, USER_PASSWORD)
