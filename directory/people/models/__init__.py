"""Say who exists: practices, employers, persons with relations, professionals with engagements."""

from directory.people.models.engagement import ROLE_SIDES, Engagement, EngagementSuspension, Role, Side
from directory.people.models.person import Person, Relation
from directory.people.models.practice import Employer, Practice
from directory.people.models.professional import Professional, Registration
from directory.people.models.secrecy import SecrecyDeclaration

__all__ = [
    "ROLE_SIDES",
    "Employer",
    "Engagement",
    "EngagementSuspension",
    "Person",
    "Practice",
    "Professional",
    "Registration",
    "Relation",
    "Role",
    "SecrecyDeclaration",
    "Side",
]
