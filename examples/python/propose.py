#!/usr/bin/env python3
"""Proposes companies that an article names: a program of your own as an extractor. Here it is one pattern; yours may be a
model or a list. The server finds every quote, refuses drafts whose quotes do not stand in the article, and a person decides.

Usage: propose.py ARTICLE
Needs only Python 3.9. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key of the scope "propose".
"""
import json
import os
import re
import sys
import urllib.error
import urllib.request

SERVER = os.environ.get("CASEFILE_SERVER", "http://localhost:3000")
COMPANY = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+)* (?:Inc|Ltd|GmbH|Corp|Systems|Technologies|Industries|Aerospace)\b")


def call(method, path, body=None):
    """Returns the answer as JSON. An error ends the program with one line."""
    request = urllib.request.Request(f"{SERVER}{path}", method=method)
    request.add_header("Authorization", f"Bearer {os.environ.get('CASEFILE_KEY', '')}")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(json.load(error)["detail"])
    except urllib.error.URLError as error:
        sys.exit(f"{SERVER} does not answer: {error.reason}")


def drafts(text):
    """Yields a draft for each name, with the words around it as its quote."""
    for name in sorted(set(COMPANY.findall(text))):
        at = text.index(name)
        start = max(text.rfind("\n", 0, at), text.rfind(". ", 0, at) + 1) + 1
        yield {
            "kind": "actor",
            "draft": {
                "type": "company",
                "name": name,
                "citations": [{"quote": text[start:at + len(name)], "field": "name"}],
            },
            "score": 0.5,
            "reasons": ["It ends as names of companies do."],
        }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = f"/v1/articles/{sys.argv[1]}"
    found = list(drafts(call("GET", path)["body"] or ""))
    if not found:
        print("The article names no company in this way.")
        return
    proposer = {"name": "propose.py", "version": "1"}
    result = call("POST", f"{path}/proposals", {"proposer": proposer, "drafts": found[:200]})
    for accepted in result["accepted"]:
        print(f"proposed: {found[accepted['index']]['draft']['name']}")
    for refused in result["refused"]:
        print(f"refused: {found[refused['index']]['draft']['name']}: {refused['detail']}")


main()
