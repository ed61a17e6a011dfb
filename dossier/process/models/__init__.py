"""The right panel: dates, steps and agreements. No medical content and no sign of a voluntary contact."""

from .absence import Verzuimgeval, Verzuimverloop
from .records import ProcessPart, ProcessRecord

__all__ = ["ProcessPart", "ProcessRecord", "Verzuimgeval", "Verzuimverloop"]
