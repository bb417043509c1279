#!/bin/sh
# The preview of STACK as the text of a comment: comment.md. Exits with the code of the preview.
# NAME is what the comment calls the stack, where a repository has several projects.
set -u
if [ -z "${PULUMI_BACKEND_URL:-}${PULUMI_ACCESS_TOKEN:-}" ]; then
    # No secrets, as in a pull request from a fork: the stack `fork`, with Pulumi.fork.yaml and an empty state.
    NAME="${NAME:-$STACK}, without the state" STACK=fork
    PULUMI_BACKEND_URL="file://$(mktemp -d)" PULUMI_CONFIG_PASSPHRASE=fork
    export PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE
    pulumi stack init "$STACK" --non-interactive >&2 || exit
fi
pulumi preview --stack "$STACK" --non-interactive --json >preview.json
code=$?
# Without a preview, an empty one: so that the comment does not go on showing the last.
roma preview-summary preview.json --stack "${NAME:-$STACK}" --exit-code "$code" >comment.md ||
    echo '{}' | roma preview-summary --stack "${NAME:-$STACK}" >comment.md
exit "$code"
