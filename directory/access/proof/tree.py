"""The Merkle tree of RFC 6962 §2.1 over the hashes that stand in the rows of the log. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

# Leaves and nodes are hashed apart, or a node could pass for a leaf and a tree for a smaller one (RFC 6962 §2.1).
LEAF, NODE = b"\x00", b"\x01"
EMPTY = sha256(b"").digest()


def leaf(row: bytes) -> bytes:
    return sha256(LEAF + row).digest()


def root(rows: Sequence[bytes]) -> bytes:
    """Compute the root over the hashes of rows, in this order. Of no rows it is the hash of nothing."""
    level = [leaf(row) for row in rows]
    if not level:
        return EMPTY
    while len(level) > 1:
        pairs = [sha256(NODE + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        # An odd one goes up as it is: the same tree as splitting at the largest power of two.
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
