#!/usr/bin/env bash
# What changed since yesterday? Run it once a day. It stores the last revision that it has read in a file, and prints the
# changes after it. The first run prints the changes of the last 24 hours.
#
# Usage: what-changed.sh [FILE]        (default: casefile-revision in this folder)
# Needs curl and jq. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
file=${1:-casefile-revision}
get() {
  local answer
  answer=$(curl -sS --fail-with-body --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@") ||
    { jq -r '.detail // empty' <<<"$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

since=0 after=$(jq -nr 'now - 86400 | todate')
if [ -s "$file" ]; then since=$(cat "$file") after=; fi

cursor=
while :; do
  page=$(get "$server/v1/changes?since=$since&limit=1000${cursor:+&cursor=$cursor}")
  jq -r --arg after "$after" '.data[] | select(.committedAt >= $after) |
    "\(.committedAt)  \(.author)  \(.action)  \(.record.href)\(
      if .action == "create" then "" else "  " + (.patch | map("\(.op) \(.path)") | join(", ")) end)"' <<<"$page"
  cursor=$(jq -r '.next // empty' <<<"$page")
  if [ -z "$cursor" ]; then break; fi
done
jq -r .revision <<<"$page" >"$file"
