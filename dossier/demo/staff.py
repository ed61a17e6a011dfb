"""The practices and who works there: founded by the owner, invited by the administrator, accepted by the physician."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from django.conf import settings

from directory.accounts import actions as accounts
from directory.accounts.models import User
from directory.people import actions as people
from directory.people.models import Engagement, Practice, Role, SecrecyDeclaration

from .logins import BY_NAME, FOUNDERS, KVK, LOGINS, MEANDER, Login
from .stage import Stage

# Which secrecy each role asks: signed by the person himself, long before he began to work with this.
SECRECY = {
    Role.ARTS_ONDER_SUPERVISIE: SecrecyDeclaration.Kind.AFGELEID_BEROEPSGEHEIM,
    Role.GEDELEGEERDE: SecrecyDeclaration.Kind.AFGELEID_BEROEPSGEHEIM,
    Role.PROCESBEWAKER: SecrecyDeclaration.Kind.AFGELEID_BEROEPSGEHEIM,
    Role.SECRETARIAAT: SecrecyDeclaration.Kind.AFGELEID_BEROEPSGEHEIM,
    Role.CASEMANAGER: SecrecyDeclaration.Kind.AVG_GEHEIMHOUDING,
}


class NotFounded(RuntimeError):
    """The owner's command failed; its own words are the text."""


def found_practices(stage: Stage) -> None:
    """Found both practices at the same time, each by the owner's command: nobody can act yet."""
    running = {name: _found(stage, name) for name in FOUNDERS}
    for name, command in running.items():
        out, error = command.communicate()
        if command.returncode:
            raise NotFounded(error.strip() or out.strip())
        for line in out.splitlines():
            username, _, link = line.partition(": ")
            if username in FOUNDERS[name]:
                stage.tokens[username] = link.rstrip("/").rpartition("/")[2]
    for name, (administrator, physician) in FOUNDERS.items():
        stage.users |= {u.username: u for u in User.objects.filter(username__in=[administrator, physician])}
        with stage.acts(administrator):
            stage.practices[name] = Practice.objects.get()
            stage.meet(*Engagement.objects.all())


def _found(stage: Stage, practice: str) -> subprocess.Popen[str]:
    administrator, physician = (BY_NAME[username] for username in FOUNDERS[practice])
    command = {
        "--name": practice,  # unmarked: it stands on every page
        "--kvk-number": KVK[practice],
        "--admin-username": administrator.username,
        "--admin-name": _name(stage, administrator),
        "--physician-username": physician.username,
        "--physician-name": _name(stage, physician),
    }
    words = [f"{option}={value}" for option, value in command.items()]
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "practice", "create", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _name(stage: Stage, login: Login) -> str:
    return stage.text(login.name, "accounts.User", "display_name", login.username)


def engage_staff(stage: Stage) -> None:
    """Invite everybody of the main practice, as its administrator, and record who they are by profession."""
    meander = [login for login in LOGINS if login.engagements[0][0] == MEANDER]
    with stage.acts("beheerder") as by:
        for login in meander:
            if login.username not in stage.users:
                user = accounts.add_account(username=login.username, display_name=_name(stage, login), by=by)
                stage.users[login.username] = user
                for practice, role in login.engagements:
                    engagement, token = accounts.take_on(
                        practice=stage.practices[practice],
                        user=user,
                        role=role,
                        by=by,
                        starts_at=stage.ago(900),
                    )
                    stage.tokens[login.username] = token or ""
                    stage.meet(engagement)
            _profession(stage, login, by)
    with stage.acts("andere-beheerder") as by:
        for username in FOUNDERS[BY_NAME["andere-praktijk"].engagements[0][0]]:
            _profession(stage, BY_NAME[username], by)
    with stage.acts("bedrijfsarts") as by:
        for engagement in Engagement.objects.filter(practice=stage.practices[MEANDER]):
            if engagement.needs_acceptance:
                people.accept_engagement(engagement=engagement, by=by, at=stage.ago(890))
        stage.meet(*Engagement.objects.select_related("user", "practice"))
    with stage.acts("andere-praktijk"):
        stage.meet(*Engagement.objects.select_related("user", "practice"))


def _profession(stage: Stage, login: Login, by: User) -> None:
    author = by.username
    professional = people.add_professional(
        user=stage.users[login.username],
        profession=login.profession,
        title=stage.text(login.title, "people.Professional", "title", author, room=120),
        phone=stage.text(login.phone, "people.Professional", "phone", author, room=30),
        by=by,
    )
    for register in login.registers:
        people.add_registration(
            professional=professional,
            register=register,
            number=f"{99_000_000_000 + 1_000 * LOGINS.index(login) + len(register)}",  # no register gives these out
            starts_on=date(2012, 3, 1),
            checked_at=stage.ago(20),
            check_result=stage.text(
                "ingeschreven, geen beperkingen", "people.Registration", "check_result", author, room=120
            ),
            by=by,
        )


def sign_secrecies(stage: Stage) -> None:
    """Let everybody sign his own declaration: nobody else can."""
    for login in LOGINS:
        for practice, role in login.engagements:
            if role in SECRECY:
                with stage.acts(login.username, role) as by:
                    kind = SECRECY[role]
                    people.sign_secrecy(
                        practice=stage.practices[practice], kind=kind, by=by, at=stage.ago(880)
                    )


def say_goodbye(stage: Stage) -> None:
    """End the work of who left. What he wrote stays, he himself gets in nowhere."""
    for login in LOGINS:
        if login.left:
            with stage.acts("beheerder") as by:
                reason = stage.text("Uit dienst", "people.Engagement", "ended_reason", "beheerder")
                accounts.end(engagement=stage.engagement(login.username), reason=reason, by=by)
