"""The walls of delegation: contracts and competence as objects of the practice, appointments as their ground."""

from directory.access.walls import Frozen, Wall, office, office_wall, privileges

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
STAFF = "(SELECT access_side()) <> 'employer'"

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
        "OR NEW.accepted_by_id IS DISTINCT FROM access_user())",
        code="only_delegate_accepts",
    ),
    Frozen(
        name="delegation_contract_signed_stays",
        when="OLD.signed_at IS NOT NULL AND (OLD.edition_id <> NEW.edition_id OR OLD.delegate_id <> NEW.delegate_id "
        "OR OLD.physician_id <> NEW.physician_id OR OLD.starts_at <> NEW.starts_at OR OLD.ends_at <> NEW.ends_at "
        "OR OLD.supervision_plan <> NEW.supervision_plan OR OLD.protocol_id <> NEW.protocol_id "
        "OR OLD.signed_at IS DISTINCT FROM NEW.signed_at OR OLD.ground_id IS DISTINCT FROM NEW.ground_id "
        "OR (OLD.accepted_at IS NOT NULL AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at))",
        code="signed_is_immutable",
    ),
    office_wall(
        "delegation_contract_wall",
        "taakcontract",
        own=f"delegate_id = {HERE}",
        writes=("write", "prepare"),
        changes=("write", "prepare", "sign", "cosign"),
    ),
]

CONTRACT_TASK = [
    Wall(
        name="delegation_contracttask_wall",
        rights=lambda model: {
            hat: r + ", DELETE" if "INSERT" in r else r for hat, r in privileges(["taakcontract"]).items()
        },
        select=OF_CONTRACT,
        insert=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        update=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
        delete=f"{MINE} AND {OPEN_CONTRACT} AND ({DRAFTS})",
    )
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
PROTOCOL_VERSION = [office_wall("delegation_protocolversion_wall", "protocol")]
PROTOCOL_READ = [
    Wall(
        name="delegation_protocolread_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT",
            "hat_signal": "SELECT, INSERT",
            "hat_process": "SELECT, INSERT",
        },
        select=f"{MINE} AND (user_id = {ME} OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND user_id = {ME} AND (SELECT access_office('protocol', 'read')) <> 'nothing'",
    )
]

# The bedrijfsarts concludes in his own name; nobody concludes for another (Leidraad casemanagement bijlage 4, G5).
COMPETENCE = [
    Wall(
        name="delegation_competenceconclusion_wall",
        rights=lambda model: {"hat_admin": "SELECT"} | privileges(["bekwaamheid"]),
        select=f"{office('bekwaamheid', 'read', own=f'delegate_id = {ME}')} OR "
        f"({MINE} AND (SELECT access_office('bekwaamheid', 'status')) = 'all')",
        insert=f"{office('bekwaamheid', 'write')} AND physician_id = {ME}",
        update=f"{office('bekwaamheid', 'write')} AND physician_id = {ME}",
    )
]

OWN_DECLARATION = [
    Wall(
        name="delegation_owndeclaration_wall",
        rights=lambda model: privileges(["bekwaamheid"]),
        select=office("bekwaamheid", "read", own=f"user_id = {ME}"),
        insert=f"{MINE} AND user_id = {ME} AND (SELECT access_office('bekwaamheid', 'write')) <> 'nothing'",
        update=f"{MINE} AND user_id = {ME} AND (SELECT access_office('bekwaamheid', 'write')) <> 'nothing'",
    )
]

APPOINTS = "(SELECT access_role()) IN ('bedrijfsarts', 'praktijkbeheerder')"

DEPUTISING = [
    Wall(
        name="delegation_deputising_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE (ground_id)",
            "hat_admin": "SELECT, INSERT, UPDATE (ground_id)",
        },
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND appointed_by_id = {ME} AND {APPOINTS}",
        update=f"{MINE} AND {APPOINTS} AND ({OF_GROUND} OR ground_id IS NULL)",
    )
]

ABSENCE = [
    Wall(
        name="delegation_absence_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND {APPOINTS}",
        update=f"{MINE} AND {APPOINTS}",
    )
]

SUPERVISION = [
    Wall(
        name="delegation_supervision_wall",
        rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT"},
        select=f"{MINE} AND ({STAFF})",
        insert=f"{MINE} AND supervisor_id = {HERE} AND {OF_GROUND}",
    )
]

TAKE_OVER = [
    Wall(
        name="delegation_takeover_wall",
        rights={"hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND {OF_CONTRACT}",
        insert=f"{MINE} AND by_id = {ME} AND contract_id IN (SELECT k.id FROM delegation_contract k "
        f"WHERE k.physician_id = {HERE})",
        update=f"{MINE} AND contract_id IN (SELECT k.id FROM delegation_contract k WHERE k.physician_id = {HERE})",
    )
]

# Seen by those it concerns and by the administration; the ground it becomes decides what it opens.
ASSIGNMENT = [
    Wall(
        name="delegation_assignment_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, INSERT, UPDATE (ground_id, accepted_by_id, accepted_at, role_division)",
            "hat_admin": "SELECT, INSERT, UPDATE (ground_id, accepted_by_id, accepted_at)",
        },
        select=f"{MINE} AND (holder_id = {HERE} OR responsible_id = {HERE} OR prepared_by_id = {ME} "
        f"OR (SELECT access_role()) IN ('bedrijfsarts', 'praktijkbeheerder', 'fg'))",
        insert=f"{MINE} AND prepared_by_id = {ME} AND {APPOINTS}",
        update=f"{MINE} AND {APPOINTS}",
    )
]

SEPARATION = [
    Wall(
        name="delegation_separationdecision_wall",
        rights={"hat_base": "SELECT", "hat_medical": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND (user_id = {ME} OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND decided_by_id = {ME} AND (SELECT access_role()) = 'bedrijfsarts'",
        update=f"{MINE} AND (SELECT access_role()) = 'bedrijfsarts'",
    )
]
