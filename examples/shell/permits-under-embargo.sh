#!/usr/bin/env bash
# Which permits were issued under an embargo? Prints each finding in one sentence, the reason for its certainty, and the
# quotes behind it. A finding is not a verdict: read its limits at /v1/findings/rules before you publish.
#
# Usage: permits-under-embargo.sh [certain|possible]        (default: both)
# Needs curl and jq. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
get() {
  local answer
  answer=$(curl -sS --fail-with-body --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@") ||
    { jq -r '.detail // empty' <<<"$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# NDJSON has the complete list, one object per line, so there are no further pages.
get "$server/v1/findings?rule=permit-under-measure&format=ndjson${1:+&certainty=$1}" | jq -r '
  "\(.certainty | ascii_upcase): \(.sentence)",
  "  why: \(.reason)",
  (.records[] | "  \(.role): \(.record.name)",
    (.citations | map(.quote) | unique[] | "    “\(.)”")),
  ""'
