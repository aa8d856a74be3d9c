#!/usr/bin/env python3
"""What changed since yesterday? Run it once a day. It keeps the revision that it has read up to in a file, and shows what
came after; the first time, what the last day brought.

Usage: what_changed.py [FILE]        (standard: casefile-revision in this folder)
Needs nothing but Python 3.9. CASEFILE_SERVER is the server; CASEFILE_KEY a key, where reading needs one.
"""
import datetime
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


file = sys.argv[1] if len(sys.argv) > 1 else "casefile-revision"
since, after = "0", datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
if os.path.exists(file):
    with open(file) as kept:
        since, after = kept.read().strip(), None

cursor = {}
while True:
    page = get("/v1/changes", since=since, limit=1000, **cursor)
    for change in page["data"]:
        at = datetime.datetime.fromisoformat(change["committedAt"].replace("Z", "+00:00"))
        if after is not None and at < after:
            continue
        steps = ", ".join(f"{step['op']} {step['path']}" for step in change["patch"])
        what = "" if change["action"] == "create" else f"  {steps}"
        print(f"{change['committedAt']}  {change['author']}  {change['action']}  {change['record']['href']}{what}")
    if page["next"] is None:
        break
    cursor = {"cursor": page["next"]}
with open(file, "w") as kept:
    kept.write(f"{page['revision']}\n")
