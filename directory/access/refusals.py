"""The four answers, as Python meets them: a refusal carries its code; the words are looked up when shown."""

from __future__ import annotations


class Refusal(Exception):
    """Not now, or not ever. `code` names the guard or the rule; never a name of a person or section."""

    status = 403
    answer = "deny"

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.ask = ""  # the ask that was refused, where one was
        self.facts = facts


class NotYet(Refusal):
    """A guard does not hold: somebody can mend it."""

    answer = "not_yet"


class NotAllowed(Refusal):
    """The grid says no: nobody can mend it."""


class NotFound(Refusal):
    """No grant: the same as something that does not exist."""

    status = 404
