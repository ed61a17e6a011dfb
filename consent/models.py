"""The models of consent, each beside the concept it belongs to."""

from consent.consents.models import Consent
from consent.notices.models import Notice

__all__ = ["Consent", "Notice"]
