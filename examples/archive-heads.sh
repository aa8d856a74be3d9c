#!/usr/bin/env bash
# Archives the head of a ledger: adds it to a file, once a revision, and checks that the heads archived before are still in
# the ledger. Run it daily on a machine that the server's owner cannot change, and publish the file.
#
# Usage: archive-heads.sh HEADS.ndjson        e.g. in crontab: 5 6 * * * archive-heads.sh /srv/heads.ndjson
# Needs curl and jq. CASEFILE_SERVER is the server; CASEFILE_KEY a key, where reading needs one.
# Exit code 1: the server cannot be read. 2: history was changed.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
heads=${1:?which file?}
get() {
  curl -sS --fail --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@"
}

head=$(get "$server/v1/ledger/head" | jq -c .) || exit 1
if [ -s "$heads" ]; then
  last=$(tail -n 1 "$heads")
  number=$(jq .revision <<<"$last")
  # The export from the last archived revision begins with it: its hash must be the one that was archived.
  # The whole line is read, so that the server is not cut off.
  now=$(get "$server/v1/ledger?since=$((number - 1))" | jq -r 'select(.revision == '"$number"') | .hash')
  if [ "$now" != "$(jq -r .hash <<<"$last")" ]; then
    echo "HISTORY WAS CHANGED: revision $number is not what was archived." >&2
    exit 2
  fi
  [ "$(jq .revision <<<"$head")" != "$number" ] || exit 0
fi
printf '%s\n' "$head" >>"$heads"
