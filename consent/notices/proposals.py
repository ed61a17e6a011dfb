"""Where the notice form gets its words from, without knowing who keeps contracts."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from directory.access.context import Capacity
from directory.people.models import Relation


class Proposal(Protocol):
    """One notice that could be given, with the five items filled as far as they are known."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def about_id(self) -> int | None: ...
    @property
    def about(self) -> str: ...
    @property
    def responsible_id(self) -> int: ...
    @property
    def responsible(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def reachable(self) -> str: ...


def proposals(*, capacity: Capacity, relation: Relation) -> list[Proposal]:
    """Ask the function that settings.NOTICE_PROPOSALS names; by default the one that reads contracts."""
    name = getattr(settings, "NOTICE_PROPOSALS", "delegation.proposals.for_relation")
    found: list[Proposal] = import_string(name)(capacity=capacity, relation=relation)
    return found
