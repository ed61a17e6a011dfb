"""What may stand in a log: where it went wrong, never the values it went wrong with."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType


class WithoutValues(logging.Formatter):
    """Shows an exception by its type and place. Its text may quote a row: PostgreSQL's messages do."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            lines[:0] = [*traceback.format_tb(error.__traceback__), kind]
            error = error.__cause__ or error.__context__
        return "\n".join(line.rstrip() for line in lines)


def handler() -> logging.Handler:
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(WithoutValues("{asctime} {levelname} {name}: {message}", style="{"))
    return made
