"""The models of consent, each beside the concept it belongs to."""

from .consents.models import Consent
from .notices.models import Notice

__all__ = ["Consent", "Notice"]
