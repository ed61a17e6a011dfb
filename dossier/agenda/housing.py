"""Rooms: who keeps the house of the practice adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from directory.people.models import Practice
from directory.people.writing import store

from .models import Location, Room

if TYPE_CHECKING:
    from directory.accounts.models import User


@transaction.atomic
def add_room(*, by: User, practice: Practice, name: str, room: str, key: UUID, address: str = "") -> Room:
    """Add a room to a location, which comes into being with its first room. The same key twice is one room."""
    if made := Room.objects.filter(pk=key).first():
        return made
    location = Location.objects.filter(practice=practice, name=name).first()
    if location is None:
        location = store(Location(practice=practice, name=name, address=address))
    return store(Room(id=key, practice=practice, location=location, name=room))
