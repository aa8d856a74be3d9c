#!/usr/bin/env python3
"""Which permits were issued under an embargo? Each finding in one sentence, why it is certain or only possible, and the
words on which it rests. A finding is no verdict: read its limits at /v1/findings/rules before you publish.

Usage: permits_under_embargo.py [certain|possible]        (without: both)
Needs nothing but Python 3.9. CASEFILE_SERVER is the server; CASEFILE_KEY a key, where reading needs one.
"""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

SERVER = os.environ.get("CASEFILE_SERVER", "http://localhost:3000")


def get(path, **parameters):
    """The answer as JSON; what is wrong with the question ends the program in one line."""
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
    """Every entry of a list, over all its pages."""
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
