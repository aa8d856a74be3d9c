#!/usr/bin/env bash
# Everything said about an actor, with quotes: its record and every permit, measure, event, good and affiliation that names
# it, each with its passages and their voices.
#
# Usage: said-about.sh NAME        e.g. said-about.sh baykar, or said-about.sh "Project Ploughshares"
# Needs curl and jq. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
set -euo pipefail

server=${CASEFILE_SERVER:-http://localhost:3000}
get() {
  local answer
  answer=$(curl -sS --fail-with-body --retry 5 ${CASEFILE_KEY:+-H "Authorization: Bearer $CASEFILE_KEY"} "$@") ||
    { jq -r '.detail // empty' <<<"$answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# Accents, case and small typing errors do not matter.
actor=$(get -G "$server/v1/actors" --data-urlencode "name=${1:?which actor?}" | jq -r '.data[0].slug // empty')
[ -n "$actor" ] || { echo "No actor has a name like “$1”." >&2; exit 1; }

{
  echo "/v1/actors/$actor"
  for list in \
    permits?issuer permits?exporter permits?consignee permits?endUser permits?destination permits?endDestination \
    measures?imposer measures?target events?actor goods?manufacturer \
    affiliations?actor affiliations?organisation
  do
    get "$server/v1/$list=$actor&format=ndjson" | jq -r .href
  done
} | awk '!seen[$0]++' | while read -r href; do
  get "$server$href" | jq -r '
    "\(.kind): \(.name // .title // .designation // .role)",
    (.citations | group_by(.article.id, .start, .end, .voices)[] |
      "  “\(.[0].quote)”",
      "    on \(map(.field // "the whole") | join(", ")); says: \(
        .[0].voices | map(.actor.name // .document) | join(", as told by "))"),
    ""'
done
