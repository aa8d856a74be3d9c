#!/usr/bin/env python3
"""Which permits were issued under an embargo? Prints each finding in one sentence, the reason for its certainty, and the
quotes behind it. A finding is not a verdict: read its limits at /v1/findings/rules before you publish.

Usage: permits_under_embargo.py [certain|possible]        (default: both)
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


certainty = {"certainty": sys.argv[1]} if len(sys.argv) > 1 else {}
for finding in entries("/v1/findings", rule="permit-under-measure", **certainty):
    print(f"{finding['certainty'].upper()}: {finding['sentence']}")
    print(f"  why: {finding['reason']}")
    for part in finding["records"]:
        print(f"  {part['role']}: {part['record']['name']}")
        for quote in dict.fromkeys(citation["quote"] for citation in part["citations"]):
            print(f"    “{quote}”")
    print()
