"""Errors beside their fields: in directory.people, where every part above can reach it."""

from directory.people.errors import add_errors

__all__ = ["add_errors"]
