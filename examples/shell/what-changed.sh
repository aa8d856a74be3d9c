#!/usr/bin/env bash
# What changed since yesterday? Run it once a day. It keeps the revision that it has read up to in a file, and shows what
# came after; the first time, what the last day brought.
#
# Usage: what-changed.sh [FILE]        (standard: casefile-revision in this folder)
# Needs curl and jq. CASEFILE_SERVER is the server; CASEFILE_KEY a key, where reading needs one.
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
