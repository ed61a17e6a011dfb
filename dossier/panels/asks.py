"""What the dossier page asks: every section the side could ever reach, by the verbs that show something there."""

from __future__ import annotations

from functools import cache

from directory.access.grid import WEARS, Verb, the_grid

SECTIONS = tuple(section.code for section in the_grid().sections.values() if section.side != "practice")
# Reading includes finding; the weaker verbs are asked only where no role of this side reads.
SEEING = (Verb.READ, Verb.FIND)
MAKING = (Verb.WRITE, Verb.REMARK)


@cache
def asks_for(side: str, *sections: str) -> tuple[str, ...]:
    """List the asks of one side, of all sections or of these. A section no role of the side can see is not asked.

    So a log row of the process side can name no medical section: it never asked for one.
    """
    found = []
    for section in sections or SECTIONS:
        verbs = _verbs(side, section)
        found += [f"{section}.{verb}" for verb in SEEING if verb in verbs][:1]
        if side != "admin":  # who works for the practice makes nothing in a dossier, and needs no form for it
            found += [f"{section}.{verb}" for verb in MAKING if verb in verbs]
    return tuple(found)


def _verbs(side: str, section: str) -> set[Verb]:
    grid = the_grid()
    roles = [role for role in grid.roles.values() if role.side and role.side in WEARS[side]]
    return {verb for role in roles for verb in grid.cells[role.code, section].values}
