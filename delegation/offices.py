"""The door of the views stands in directory.people, where every part above can reach it."""

from directory.people.offices import Desk, demand, may, posted

__all__ = ["Desk", "demand", "may", "posted"]
