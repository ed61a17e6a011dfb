"""The walls of people: who of the practice may see and change whom."""

from directory.access.walls import Frozen, Wall, office, privileges

MINE = "practice_id = (SELECT access_practice())"
READS = {"hat_base": "SELECT"}
ADMIN_WRITES = {"hat_base": "SELECT", "hat_admin": "SELECT, INSERT, UPDATE"}
VISIBLE_STAFF = (
    "(SELECT access_side()) <> 'employer' OR user_id = (SELECT access_user()) OR role = 'bedrijfsarts'"
)

PRACTICE = [
    Wall(
        name="people_practice_wall",
        rights={"hat_base": "SELECT", "hat_admin": "SELECT, UPDATE"},
        select="id = (SELECT access_practice())",
        update="id = (SELECT access_practice()) AND (SELECT access_office('accounts', 'write')) = 'all'",
    )
]

EMPLOYER = [
    Wall(
        name="people_employer_wall",
        rights=lambda model: READS | privileges(["klantcontract"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' OR "
        "(SELECT access_office('klantcontract', 'read')) = 'all' OR access_own_employer(id))",
        insert=office("klantcontract", "write"),
        update=office("klantcontract", "write"),
    )
]

PERSON = [
    Wall(
        name="people_person_wall",
        rights=lambda model: READS | privileges(["personen"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' "
        "OR id IN (SELECT access_shown_persons()) OR access_own_person(id))",
        # Somebody new is nobody's client yet; the relation that follows says whose.
        insert=f"{MINE} AND (SELECT access_office('personen', 'write')) <> 'nothing'",
        update=office("personen", "write", own="access_own_person(id)"),
    )
]

RELATION = [
    Wall(
        name="people_relation_wall",
        rights=lambda model: READS | privileges(["personen"]),
        select=f"{MINE} AND ((SELECT access_office('personen', 'find')) = 'all' "
        "OR id IN (SELECT access_shown_relations()) OR access_own_person(person_id))",
        insert=office("personen", "write", own="access_own_employer(employer_id)"),
        update=office("personen", "write", own="access_own_person(person_id)"),
    )
]

ENGAGEMENT = [
    Frozen(
        name="people_engagement_accepted_by_physician",
        when="NEW.accepted_at IS DISTINCT FROM OLD.accepted_at AND session_user <> 'tweeluik_owner' "
        "AND access_role() <> 'bedrijfsarts'",
        code="accepted_by_physician",
    ),
    Frozen(
        name="people_engagement_stays",
        when="OLD.practice_id <> NEW.practice_id OR OLD.user_id <> NEW.user_id OR OLD.role <> NEW.role "
        "OR OLD.side <> NEW.side OR OLD.starts_at <> NEW.starts_at",
        code="engagement_stays",
    ),
    Wall(
        name="people_engagement_wall",
        rights={
            "hat_base": "SELECT",
            "hat_medical": "SELECT, UPDATE (accepted_at, accepted_by_id)",
            "hat_admin": "SELECT, INSERT, UPDATE",
        },
        select=f"{MINE} AND ({VISIBLE_STAFF})",
        insert=f"{office('accounts', 'write')} AND accepted_at IS NULL",
        update=f"({office('accounts', 'write')}) OR ({MINE} AND (SELECT access_role()) = 'bedrijfsarts')",
    ),
]

ENGAGEMENT_SUSPENSION = [
    Wall(
        name="people_engagementsuspension_wall",
        rights=ADMIN_WRITES,
        select=f"{MINE} AND ((SELECT access_side()) = 'admin' OR engagement_id = (SELECT access_engagement()))",
        insert=office("accounts", "write"),
        update=office("accounts", "write"),
    )
]

PROFESSIONAL = [
    Wall(
        name="people_professional_wall",
        rights=lambda model: READS | privileges(["professionals"]),
        select="user_id IN (SELECT n.user_id FROM people_engagement n)",
        insert="(SELECT access_office('professionals', 'write')) = 'all'",
        update="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND user_id IN (SELECT n.user_id FROM people_engagement n)",
    )
]

REGISTRATION = [
    Wall(
        name="people_registration_wall",
        rights=lambda model: READS | privileges(["professionals"]),
        select="professional_id IN (SELECT p.id FROM people_professional p)",
        insert="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND professional_id IN (SELECT p.id FROM people_professional p)",
        update="(SELECT access_office('professionals', 'write')) = 'all' "
        "AND professional_id IN (SELECT p.id FROM people_professional p)",
    )
]

# One's own signature: nobody declares secrecy for somebody else.
SECRECY = [
    Wall(
        name="people_secrecydeclaration_wall",
        rights={"hat_base": "SELECT, INSERT", "hat_admin": "SELECT, INSERT, UPDATE (ends_at)"},
        select=f"{MINE} AND (user_id = (SELECT access_user()) OR (SELECT access_side()) IN ('medical', 'admin'))",
        insert=f"{MINE} AND user_id = (SELECT access_user())",
        update=office("accounts", "write"),
    )
]
