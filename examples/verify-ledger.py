#!/usr/bin/env python3
"""Recompute the hashes of the ledger of a Casefile server from its export. docs/ledger.md describes the steps.

Usage: curl -s http://localhost:3000/v1/ledger | python3 verify-ledger.py [REVISION HASH]
With a revision and a hash that were published earlier, it also checks that the revision still has that hash.
"""
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value):
    """RFC 8785 for the content of a revision: strings, integers, ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


expected, previous, hashes = 1, "0" * 64, {}
for line in sys.stdin:
    entry = json.loads(line)
    number, stated_hash = entry["revision"], entry.pop("hash")
    if number != expected:
        sys.exit(f"revision {expected} is missing: {number} follows")
    if entry["previousHash"] != previous:
        sys.exit(f"revision {number} does not follow from the one before it")
    for snapshot in entry["documents"]:
        if sha256(snapshot.pop("text")) != snapshot["hash"]:
            sys.exit(f"revision {number}: the snapshot of {snapshot['record']} was changed")
    if sha256(canonical(entry)) != stated_hash:
        sys.exit(f"revision {number}: its hash is wrong")
    expected, previous = number + 1, stated_hash
    hashes[number] = stated_hash

if len(sys.argv) == 3 and hashes.get(int(sys.argv[1])) != sys.argv[2]:
    sys.exit(f"revision {sys.argv[1]} does not have the published hash")
print(f"{expected - 1} revisions are correct; the last hash is {previous}")
