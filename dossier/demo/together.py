"""Who stands in when somebody falls away: arranged beforehand, begun by the deputy himself, and who waits for a nod."""

from __future__ import annotations

from datetime import timedelta

from delegation.assignments import actions as assignments
from delegation.deputising import absence, standing
from delegation.deputising import actions as deputising

from .stage import Stage

# Who named whom beforehand.
GROUPS = {
    "bedrijfsarts": ("waarnemer", "bedrijfsarts-collega"),
    "bedrijfsarts-collega": ("waarnemer", "bedrijfsarts"),
}


def arrange(stage: Stage) -> None:
    """Let two bedrijfsartsen sign who may stand in for them."""
    for physician, deputies in GROUPS.items():
        with stage.acts(physician) as by:
            standing.sign(
                by=by,
                physician=stage.engagement(physician),
                deputies=[stage.engagement(deputy) for deputy in deputies],
            )


def fall_away(stage: Stage) -> None:
    """Let one of them be away unexpectedly: the practice records it, the deputy begins, and nobody was told yet."""
    with stage.acts("beheerder") as by:
        absence.record(by=by, physician=stage.engagement("bedrijfsarts-collega"), starts_at=stage.now)
    with stage.acts("waarnemer") as by:
        deputising.begin(
            by=by,
            replaced=stage.engagement("bedrijfsarts-collega"),
            deputy=stage.engagement("waarnemer"),
            starts_at=stage.now,
            ends_at=stage.now + timedelta(days=10),
            reason=stage.text(
                "Onverwacht afwezig",
                "delegation.Deputising",
                "reason",
                "waarnemer",
                section="klantcontract",
            ),
        )


def prepare(stage: Stage) -> None:
    """Let the practice prepare work for a bedrijfsarts that counts once he accepts it."""
    texts = {"tasks": "Termijnen bewaken bij de klanten in het westen", "facilities": "Een dag per week"}
    with stage.acts("beheerder") as by:
        assignments.assign(
            by=by,
            kind="process",
            holder=stage.engagement("procesbewaker"),
            responsible=stage.engagement("bedrijfsarts-collega"),
            **{
                name: stage.text(text, "delegation.Assignment", name, "beheerder", section="klantcontract")
                for name, text in texts.items()
            },
        )
