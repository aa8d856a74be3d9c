#!/usr/bin/env python3
"""A timeline for my page: prints an HTML list to paste into an article, in the order that the evidence allows. Each entry has
the words of the source for its date, and a quote.

Usage: timeline.py [CASE] > timeline.html
Needs only Python 3.9. CASEFILE_SERVER is the URL of the server. CASEFILE_KEY is a key, if reading needs one.
"""
import html
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


case = {"case": sys.argv[1]} if len(sys.argv) > 1 else {}
events = list(entries("/v1/timeline", **case))
print('<ol class="timeline">')
for event in events:
    on = event["on"] or {"edtf": "undated", "asStated": None}
    words = f" (“{html.escape(on['asStated'])}”)" if on["asStated"] else ""
    title, quote = html.escape(event["title"]), html.escape(event["citations"][0]["quote"])
    print(f"<li><time>{html.escape(on['edtf'])}</time>{words} <strong>{title}</strong>")
    print(f"<blockquote>{quote}</blockquote></li>")
print("</ol>")
