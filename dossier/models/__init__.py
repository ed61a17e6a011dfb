"""The shell of a dossier, who is let in, what was shared, and text that a refused save held."""

from dossier import grid  # noqa: F401 - declares the grid before any wall is written from it

from .grant import DossierGrant, DossierGroupGrant
from .kept import KeptText
from .share import Share
from .shell import Dossier

__all__ = ["Dossier", "DossierGrant", "DossierGroupGrant", "KeptText", "Share"]
