"""A form that is sent twice is one act: in directory.people, where every part above can reach it."""

from directory.people.once import KEY, in_turn, made_by

__all__ = ["KEY", "in_turn", "made_by"]
