"""Say who exists: practices, employers, persons with their relations, professionals with their engagements."""

from .engagement import ROLE_SIDES, Engagement, EngagementSuspension, Role, Side
from .person import Person, Relation
from .practice import Employer, Practice
from .professional import Professional, Registration
from .secrecy import SecrecyDeclaration

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
