"""Examples of each command, as `--help` shows them. A test holds that each can be written so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Example(NamedTuple):
    """A line for a shell, and what it does."""

    line: str
    what: str


_ID = "b037d389-62a4-464a-8461-c88797ad4f23"

EXAMPLES: Mapping[str, Sequence[Example]] = {
    "roma": (
        Example("roma doctor --region cn-north-4", "try the sign-in, and see what the API answers"),
        Example("roma list", "the instances of the project"),
        Example("roma list --help", "what a command does, its options and its exit codes"),
    ),
    "doctor": (
        Example("roma doctor --region cn-north-4", "sign in, and look at the answers"),
        Example("roma doctor --report > report.md", "a text for an issue, without secrets and ids"),
        Example("roma doctor --record answers.json", "keep the answers of this account, without what is its own"),
    ),
    "watch": (
        Example(f"roma watch {_ID}", "until it is ready or has failed"),
        Example(f"roma watch {_ID} --timeout 2h --timeline creation.svg", "for two hours at most, and draw it"),
        Example(
            f"roma watch {_ID} --json | jq -r 'select(.event == \"end\") | .verdict'", "the verdict alone, in a script"
        ),
    ),
    "list": (
        Example("roma list", "all instances of the project"),
        Example("roma list --status CREATING --status FROZEN", "those of two statuses"),
        Example("roma list orders stock --expect RUNNING", "a health check: exit code 1 unless both are"),
        Example("roma list --json | jq -r '.instances[].id'", "their ids, in a script"),
    ),
    "import": (
        Example("roma import orders stock > __main__.py", "a program that takes two instances over"),
        Example("roma import --all --existing", "refer to every instance of the project, and own none"),
        Example("roma import --tfstate terraform.tfstate > __main__.py", "those that Terraform holds"),
        Example("terraform state pull | roma import --tfstate -", "the same, from a remote state"),
    ),
    "preview-summary": (
        Example("pulumi preview --json | roma preview-summary > comment.md", "the comment for a pull request"),
        Example("roma preview-summary preview.json --exit-code 255", "of a preview that failed"),
        Example("roma preview-summary preview.json --stack shop/prod --max-bytes 20000", "a smaller one"),
    ),
    "journal": (
        Example("roma journal", "what a killed run has left"),
        Example("roma journal --json | jq '.entries[] | select(.open)'", "the same, in a script"),
    ),
    "forget": (
        Example(f"roma forget {_ID}", "show what would be forgotten, and ask"),
        Example(f"roma forget {_ID} --yes", "without asking"),
    ),
    "completion": (
        Example('eval "$(roma completion bash)"', "in this shell, or as a line of ~/.bashrc"),
        Example("mkdir -p ~/.zfunc && roma completion zsh > ~/.zfunc/_roma", "with ~/.zfunc in fpath, before compinit"),
        Example(
            "mkdir -p ~/.config/fish/completions && roma completion fish > ~/.config/fish/completions/roma.fish",
            "for every fish from now on",
        ),
    ),
}
"""By command; ``roma`` has those of the whole."""
