"""The shell of a dossier, who is let in, what was shared, text that is not recorded yet, log review and requests."""

from dossier import grid  # noqa: F401 - declares the grid before any wall is written from it

from .breach import BreachAssessment
from .draft import Draft
from .grant import DossierGrant, DossierGroupGrant
from .kept import KeptText
from .review import ReviewDecision, ReviewSample, ReviewSetting
from .share import Share
from .shell import Dossier
from .snippet import StandardText
from .verzoek import Verzoek

__all__ = [
    "BreachAssessment",
    "Dossier",
    "DossierGrant",
    "DossierGroupGrant",
    "Draft",
    "KeptText",
    "ReviewDecision",
    "ReviewSample",
    "ReviewSetting",
    "Share",
    "StandardText",
    "Verzoek",
]
