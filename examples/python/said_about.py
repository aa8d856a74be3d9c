#!/usr/bin/env python3
"""Everything said about an actor, with quotes: its record and every permit, measure, event, good and affiliation that names
it, each with its passages and their voices.

Usage: said_about.py NAME        e.g. said_about.py baykar, or said_about.py "Project Ploughshares"
Needs only Python 3.9. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
"""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

SERVER = os.environ.get("CASEFILE_SERVER", "http://localhost:3000")


def get(path, **parameters):
    """Returns the answer as JSON. An error ends the program with one line."""
    request = urllib.request.Request(f"{SERVER}{path}?{urllib.parse.urlencode(parameters)}")
    if "CASEFILE_KEY" in os.environ:
        request.add_header("Authorization", f"Bearer {os.environ['CASEFILE_KEY']}")
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(json.load(error)["detail"])
    except urllib.error.URLError as error:
        sys.exit(f"{SERVER} does not answer: {error.reason}")


def entries(path, **parameters):
    """Yields the entries of all pages of a list."""
    page = get(path, **parameters)
    yield from page["data"]
    while page["next"] is not None:
        page = get(path, **parameters, cursor=page["next"])
        yield from page["data"]


if len(sys.argv) != 2:
    sys.exit(__doc__)
# Accents, case and small typing errors do not matter.
actors = get("/v1/actors", name=sys.argv[1], limit=1)["data"]
if not actors:
    sys.exit(f"No actor has a name like “{sys.argv[1]}”.")
actor = actors[0]

NAMED_IN = {
    "permits": ["issuer", "exporter", "consignee", "endUser", "destination", "endDestination"],
    "measures": ["imposer", "target"],
    "events": ["actor"],
    "goods": ["manufacturer"],
    "affiliations": ["actor", "organisation"],
}
paths = [actor["href"]]
for kind, fields in NAMED_IN.items():
    for field in fields:
        paths += [entry["href"] for entry in entries(f"/v1/{kind}", **{field: actor["slug"]})]

for path in dict.fromkeys(paths):
    record = get(path)
    name = next(record[name] for name in ("name", "title", "designation", "role") if name in record)
    print(f"{record['kind']}: {name}")
    passages = {}
    for citation in record["citations"]:
        voices = [(voice["actor"] or {}).get("name") or voice["document"] for voice in citation["voices"]]
        fields = passages.setdefault((citation["quote"], ", as told by ".join(voices)), [])
        fields.append(citation["field"] or "the whole")
    for (quote, voices), fields in passages.items():
        print(f"  “{quote}”\n    on {', '.join(fields)}; says: {voices}")
    print()
