"""The shell of a dossier, who is let in, what was shared, text that a refused save held, log review and requests."""

from dossier import grid  # noqa: F401 - declares the grid before any wall is written from it

from .grant import DossierGrant, DossierGroupGrant
from .kept import KeptText
from .review import ReviewDecision, ReviewSample, ReviewSetting
from .share import Share
from .shell import Dossier
from .verzoek import Verzoek

__all__ = [
    "Dossier",
    "DossierGrant",
    "DossierGroupGrant",
    "KeptText",
    "ReviewDecision",
    "ReviewSample",
    "ReviewSetting",
    "Share",
    "Verzoek",
]
