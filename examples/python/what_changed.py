#!/usr/bin/env python3
"""What changed since yesterday? Run it once a day. It stores the last revision that it has read in a file, and prints the
changes after it. The first run prints the changes of the last 24 hours.

Usage: what_changed.py [FILE]        (default: casefile-revision in this folder)
Needs only Python 3.9. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
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


file = sys.argv[1] if len(sys.argv) > 1 else "casefile-revision"
since, after = "0", datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
if os.path.exists(file):
    with open(file) as revision_file:
        since, after = revision_file.read().strip(), None

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
with open(file, "w") as revision_file:
    revision_file.write(f"{page['revision']}\n")
