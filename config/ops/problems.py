"""What went wrong, in words for whoever stands in front of it."""

from __future__ import annotations


class Stop(Exception):
    """The command cannot go on. The text says what is wrong and what to do; it never quotes a row."""
