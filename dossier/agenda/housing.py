"""Rooms: who keeps the house of the practice adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from directory.people.models import Practice
from directory.people.writing import store
from directory.reference.models import Location

from .models import Room

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def add_room(*, by: User, practice: Practice, location: Location, name: str, key: UUID) -> Room:
    """Add a room to a location. The same key twice is one room."""
    if made := Room.objects.filter(pk=key).first():
        return made
    return store(Room(id=key, practice=practice, location=location, name=name))
