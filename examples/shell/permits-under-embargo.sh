#!/usr/bin/env bash
# Which permits were issued under an embargo? Each finding in one sentence, why it is certain or only possible, and the
# words on which it rests. A finding is no verdict: read its limits at /v1/findings/rules before you publish.
#
# Usage: permits-under-embargo.sh [certain|possible]        (without: both)
# Needs curl and jq. CASEFILE_SERVER is the server; CASEFILE_KEY a key, where reading needs one.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
get() {
  local answer
  answer=$(curl -sS --fail-with-body --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@") ||
    { jq -r '.detail // empty' <<<"$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# NDJSON is the whole list, an object a line, so there are no pages to follow.
get "$server/v1/findings?rule=permit-under-measure&format=ndjson${1:+&certainty=$1}" | jq -r '
  "\(.certainty | ascii_upcase): \(.sentence)",
  "  why: \(.reason)",
  (.records[] | "  \(.role): \(.record.name)",
    (.citations | map(.quote) | unique[] | "    “\(.)”")),
  ""'
