#!/usr/bin/env bash
# A timeline for my page: prints an HTML list to paste into an article, in the order that the evidence allows. Each entry has
# the words of the source for its date, and a quote.
#
# Usage: timeline.sh [CASE] > timeline.html
# Needs curl and jq. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
get() {
  local answer
  answer=$(curl -sS --fail-with-body --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@") ||
    { jq -r '.detail // empty' <<<"$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

items=$(get "$server/v1/timeline?format=ndjson${1:+&case=$1}" | jq -r '
  "<li><time>\(.on.edtf // "undated" | @html)</time>\(
    if .on.asStated then " (“\(.on.asStated | @html)”)" else "" end) <strong>\(.title | @html)</strong>",
  "<blockquote>\(.citations[0].quote | @html)</blockquote></li>"')
printf '<ol class="timeline">\n%s\n</ol>\n' "$items"
