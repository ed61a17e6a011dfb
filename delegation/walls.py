"""The walls of delegation: contracts and competence as objects of the practice, appointments as their ground."""

from collections.abc import Callable, Mapping
from typing import Any

from directory.access.walls import Frozen, Recorded, Wall, office, office_wall, privileges
from directory.people.walls import only_shortens

from .rulesets.constraints import SameEdition

MINE = "practice_id = (SELECT access_practice())"
ME = "(SELECT access_user())"
HERE = "(SELECT access_engagement())"
OF_CONTRACT = "contract_id IN (SELECT k.id FROM delegation_contract k)"
OPEN_CONTRACT = "contract_id IN (SELECT k.id FROM delegation_contract k WHERE k.signed_at IS NULL)"
DRAFTS = (
    "(SELECT access_office('taakcontract', 'write')) <> 'nothing' "
    "OR (SELECT access_office('taakcontract', 'prepare')) = 'all'"
)
OF_GROUND = "ground_id IN (SELECT g.id FROM access_ground g)"
# What somebody does himself, he does now: dated back, it would make lawful what he did before. Clocks may differ a bit.
NOW = "BETWEEN statement_timestamp() - interval '5 minutes' AND statement_timestamp() + interval '1 minute'"
STAFF = "(SELECT access_side()) <> 'employer'"
# Every column but those in which the delegate accepts.
TERMS_CHANGE = (
    "to_jsonb(NEW) - '{accepted_at,accepted_by_id}'::text[] "
    "IS DISTINCT FROM to_jsonb(OLD) - '{accepted_at,accepted_by_id}'::text[]"
)


def narrowed(wall: Wall, *, insert: str = "", rights: Mapping[str, str] | None = None) -> Wall:
    """Take a wall of an office with one more condition on what is added, or other words for a privilege."""
    parts = dict(wall.parts)
    if insert:
        parts["insert"] = f"({parts['insert']}) AND {insert}"
    if rights:
        parts["rights"] = reworded(parts["rights"], rights)
    return Wall(name=wall.name, **parts)


def reworded(
    given: Callable[[Any], Mapping[str, str]], words: Mapping[str, str]
) -> Callable[[Any], dict[str, str]]:
    """Replace privileges by narrower ones, such as UPDATE by UPDATE of one column."""

    def rights(model: Any) -> dict[str, str]:
        return {
            hat: ", ".join(word for right in held.split(", ") if (word := words.get(right, right)))
            for hat, held in given(model).items()
        }

    return rights


CONTRACT = [
    Frozen(
        name="delegation_contract_signed_by_physician",
        when="NEW.signed_at IS DISTINCT FROM OLD.signed_at AND (access_role() <> 'bedrijfsarts' "
        "OR NEW.physician_id <> access_engagement() OR NEW.signed_by_id IS DISTINCT FROM access_user())",
        code="only_physician_signs",
    ),
    Frozen(
        name="delegation_contract_accepted_by_delegate",
        when="NEW.accepted_at IS DISTINCT FROM OLD.accepted_at AND (NEW.delegate_id <> access_engagement() "
        f"OR NEW.accepted_by_id IS DISTINCT FROM access_user() OR NOT NEW.accepted_at {NOW})",
        code="only_delegate_accepts",
    ),
    # The ground he signs is the one of this contract: of these two people, and of no others.
    Frozen(
        name="delegation_contract_own_ground",
        when="NEW.ground_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access_ground g WHERE g.id = NEW.ground_id "
        "AND g.kind = 'contract' AND g.holder_id = NEW.delegate_id AND g.responsible_id = NEW.physician_id)",
        code="ground_of_others",
    ),
    Frozen(
        name="delegation_contract_edition_of_its_tasks",
        when="NEW.edition_id <> OLD.edition_id AND EXISTS (SELECT 1 FROM delegation_contracttask t "
        "WHERE t.contract_id = OLD.id)",
        code="edition_of_its_tasks",
    ),
    Frozen(
        name="delegation_contract_signed_stays",
        when=f"OLD.signed_at IS NOT NULL AND ({TERMS_CHANGE} OR (OLD.accepted_at IS NOT NULL "
        "AND (OLD.accepted_at, OLD.accepted_by_id) IS DISTINCT FROM (NEW.accepted_at, NEW.accepted_by_id)))",
        code="signed_is_immutable",
    ),
    # He may change his row, because accepting is a change; what it says is not his to write.
    Frozen(
        name="delegation_contract_delegate_only_accepts",
        when="access_role() NOT IN ('bedrijfsarts', 'arts_onder_supervisie', 'praktijkbeheerder') "
        f"AND {TERMS_CHANGE}",
        code="delegate_only_accepts",
    ),
    # A contract begins as a draft: signature and acceptance are added by those whose they are.
    narrowed(
        office_wall(
            "delegation_contract_wall",
            "taakcontract",
            own=f"delegate_id = {HERE}",
            writes=("write", "prepare"),
            changes=("write", "prepare", "sign", "cosign"),
        ),
        insert=f"drafted_by_id = {ME} AND signed_at IS NULL AND accepted_at IS NULL AND ground_id IS NULL",
    ),
]

CONTRACT_TASK = [
    SameEdition(name="delegation_contracttask_of_its_edition"),
    Wall(
        name="delegation_contracttask_wall",
        rights=lambda model: {
            hat: r + ", DELETE" if "INSERT" in r else r for hat, r in privileges(["taakcontract"]).items()
        },
        select=f"{MINE} AND {OF_CONTRACT}",
        insert=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        update=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        delete=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
    ),
]

CONTRACT_SCOPE = [
    Wall(
        name="delegation_contractscope_wall",
        rights=lambda model: {
            hat: r + ", DELETE" if "INSERT" in r else r for hat, r in privileges(["taakcontract"]).items()
        },
        select=OF_CONTRACT,
        insert=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        update=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        delete=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
    )
]

PROTOCOL = [office_wall("delegation_protocol_wall", "protocol")]
# Published is never rewritten: whoever confirmed it confirmed these words.
PROTOCOL_VERSION = [
    narrowed(
        office_wall("delegation_protocolversion_wall", "protocol", changes=()),
        rights={"UPDATE": ""},
    )
]
PROTOCOL_READ = [
    Recorded(name="delegation_protocol_read_recorded"),
    Wall(
        name="delegation_protocolread_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT",
        },
        select=f"{MINE} AND (user_id = {ME} OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND user_id = {ME} AND read_at {NOW} "
        "AND (SELECT access_office('protocol', 'confirm')) <> 'nothing'",
    ),
]

# The bedrijfsarts concludes in his own name; nobody concludes for another (Leidraad casemanagement bijlage 4, G5).
# What was concluded is ended, never rewritten: it says what somebody might do on a day of the past.
# The practice learns that it was concluded and until when, never how or within which limits.
STATUS_OF_COMPETENCE = (
    "SELECT (id, practice_id, delegate_id, physician_id, task_id, starts_at, ends_at, recorded_at)"
)
COMPETENCE = [
    Recorded(name="delegation_competence_recorded"),
    only_shortens("delegation_competence_only_shortens"),
    Wall(
        name="delegation_competenceconclusion_wall",
        rights=lambda model: (
            reworded(
                lambda model: privileges(["bekwaamheid"]), {"UPDATE": "UPDATE (ends_at, withdrawn_reason)"}
            )(model)
            | {"hat_admin": STATUS_OF_COMPETENCE}
        ),
        select=f"{office('bekwaamheid', 'read', own=f'delegate_id = {ME}')} OR "
        f"({MINE} AND (SELECT access_office('bekwaamheid', 'status')) = 'all')",
        insert=f"{office('bekwaamheid', 'write')} AND physician_id = {ME}",
        update=f"{office('bekwaamheid', 'write')} AND physician_id = {ME}",
    ),
]

OWN_DECLARATION = [
    Recorded(name="delegation_own_declaration_recorded"),
    only_shortens("delegation_own_declaration_only_shortens"),
    Wall(
        name="delegation_owndeclaration_wall",
        rights=reworded(lambda model: privileges(["bekwaamheid"]), {"UPDATE": "UPDATE (ends_at)"}),
        select=office("bekwaamheid", "read", own=f"user_id = {ME}"),
        insert=f"{MINE} AND user_id = {ME} AND starts_at {NOW} "
        "AND (SELECT access_office('bekwaamheid', 'write')) <> 'nothing'",
        update=f"{MINE} AND user_id = {ME} AND (SELECT access_office('bekwaamheid', 'write')) <> 'nothing'",
    ),
]

APPOINTS = "(SELECT access_role()) IN ('bedrijfsarts', 'praktijkbeheerder')"
PRACTICE_ITSELF = "(SELECT access_role()) = 'praktijkbeheerder'"

SUPERVISION = [
    Wall(
        name="delegation_supervision_wall",
        rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT"},
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND supervisor_id = {HERE} AND {OF_GROUND}",
    )
]

TAKE_OVER = [
    only_shortens("delegation_takeover_only_shortens"),
    Wall(
        name="delegation_takeover_wall",
        rights={"hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND {OF_CONTRACT}",
        insert=f"{MINE} AND by_id = {ME} AND contract_id IN (SELECT k.id FROM delegation_contract k "
        f"WHERE k.physician_id = {HERE})",
        update=f"{MINE} AND contract_id IN (SELECT k.id FROM delegation_contract k WHERE k.physician_id = {HERE})",
    ),
]

# Seen by those it concerns and by the administration; the ground it becomes decides what it opens.
LAID_BY_ME = "SELECT g.id FROM access_ground g WHERE g.given_by_id = access_user()"
ASSIGNMENT = [
    # Whoever accepts, accepts himself and once, by the ground he laid for the one who got the assignment.
    Frozen(
        name="delegation_assignment_accepted_himself",
        when="(NEW.ground_id, NEW.accepted_by_id, NEW.accepted_at) IS DISTINCT FROM "
        "(OLD.ground_id, OLD.accepted_by_id, OLD.accepted_at) AND session_user <> 'tweeluik_owner' "
        "AND (OLD.accepted_at IS NOT NULL OR NEW.accepted_by_id IS DISTINCT FROM access_user() "
        f"OR NOT NEW.ground_id IN ({LAID_BY_ME} AND g.holder_id = NEW.holder_id))",
        code="who_accepts_assignment",
    ),
    Wall(
        name="delegation_assignment_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE (ground_id, accepted_by_id, accepted_at, role_division)",
            "hat_admin": "SELECT, INSERT, UPDATE (ground_id, accepted_by_id, accepted_at)",
        },
        select=f"{MINE} AND (holder_id = {HERE} OR responsible_id = {HERE} OR prepared_by_id = {ME} "
        f"OR (SELECT access_role()) IN ('bedrijfsarts', 'praktijkbeheerder', 'fg'))",
        insert=f"{MINE} AND prepared_by_id = {ME} AND {APPOINTS} AND (accepted_at IS NULL "
        f"OR (accepted_by_id = {ME} AND (ground_id, holder_id) IN "
        f"(SELECT g.id, g.holder_id FROM access_ground g WHERE g.given_by_id = {ME})))",
        update=f"{MINE} AND (holder_id = {HERE} OR responsible_id = {HERE} OR {PRACTICE_ITSELF}) AND {APPOINTS}",
    ),
]

SEPARATION = [
    only_shortens("delegation_separation_only_shortens"),
    Wall(
        name="delegation_separationdecision_wall",
        rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND (user_id = {ME} OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND decided_by_id = {ME} AND (SELECT access_role()) = 'bedrijfsarts'",
        update=f"{MINE} AND (SELECT access_role()) = 'bedrijfsarts'",
    ),
]
