"""The grid as a page: docs/ACCESS.md. Generated; a stale page fails the suite."""

from __future__ import annotations

from collections.abc import Iterator

from directory.access.grid import Verb, the_grid

from .rulings import RULINGS

LETTERS = (
    "Z find · R read (includes find) · S write · A amend · K remark · D share · V release · X dispatch · C copy · "
    "T team · O transfer"
)
HALVES = (
    ("Medical sections", ("medical", "signal")),
    ("Process side and around the dossier", ("process",)),
    ("Objects of the practice", ("practice",)),
)


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    grid = the_grid()
    yield "# Who may do what, where"
    yield ""
    yield "Written by `./run manage access matrix` from `dossier/grid.py`. Do not edit."
    yield ""
    yield f"{LETTERS}. Words are verbs of their own ({', '.join(str(v) for v in Verb)})."
    yield "`°` own only · `+` only what was shared · `!` only under a consent that names it · `—` nothing."
    yield "After a colon stands a limit."
    for title, sides in HALVES:
        sections = [section for section in grid.sections.values() if section.side in sides]
        yield ""
        yield f"## {title}"
        yield ""
        yield "| role | " + " | ".join(section.code for section in sections) + " |"
        yield "|---|" + "---|" * len(sections)
        for role in grid.roles.values():
            cells = " | ".join(str(grid.cells[role.code, section.code]) for section in sections)
            yield f"| {role.label} | {cells} |"
    yield ""
    yield "## Roles and their guards"
    for role in grid.roles.values():
        yield ""
        yield f"**{role.label}** ({role.side or 'no login'}; {role.source})" + (
            f": {role.condition}" if role.condition else ""
        )
        if role.side is None:
            continue
        yield ""
        for guard in grid.guards(role):
            yield f"* `{guard.code}` ({guard.scope}): {guard.missing} {guard.mender} [{guard.source}]"
    yield ""
    yield "## Limits"
    yield ""
    for limit in grid.limits.values():
        yield f"* `{limit.code}`: {limit.meaning}; held by {limit.held_by}"
    yield ""
    yield "## Other answers"
    yield ""
    for code, (what, how, source) in RULINGS.items():
        yield f"* `{code}`: {what} {how}" + (f" [{source}]" if source else "")
