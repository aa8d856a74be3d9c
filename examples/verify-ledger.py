#!/usr/bin/env python3
"""Recompute the ledger of a Casefile server from its export, as docs/ledger.md says.

Usage: curl -s http://localhost:3000/v1/ledger | python3 verify-ledger.py [REVISION HASH]
With a revision and a hash that were published before, check that the ledger still leads to them.
"""
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value):
    """RFC 8785 for what a revision holds: strings and whole numbers, keys in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


expected, previous, hashes = 1, "0" * 64, {}
for line in sys.stdin:
    entry = json.loads(line)
    number, written = entry["revision"], entry.pop("hash")
    if number != expected:
        sys.exit(f"revision {expected} is missing: {number} follows")
    if entry["previousHash"] != previous:
        sys.exit(f"revision {number} does not follow from the one before it")
    for document in entry["documents"]:
        if sha256(document.pop("text")) != document["hash"]:
            sys.exit(f"revision {number}: the document of {document['record']} was changed")
    if sha256(canonical(entry)) != written:
        sys.exit(f"revision {number}: its hash does not fit")
    expected, previous = number + 1, written
    hashes[number] = written

if len(sys.argv) == 3 and hashes.get(int(sys.argv[1])) != sys.argv[2]:
    sys.exit(f"revision {sys.argv[1]} has another hash than the one that was published")
print(f"{expected - 1} revisions hold; the last hash is {previous}")
