"""A small practice, and what its people do in the drill, each in a process of its own: `python -m tests.ops.acts VERB`.

The practice is made as the tests make theirs; what people do goes through the actions that the screens use. The answer
is one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.conf import settings

# The owner beside the login that serves, for the facts a practice begins with.
settings.DATABASES["owner"] = {**deepcopy(settings.DATABASES["default"]), "USER": "tweeluik_owner"}
django.setup()

from django.urls import reverse  # noqa: E402

from delegation.contracts import actions as contracts  # noqa: E402
from delegation.models import Contract  # noqa: E402
from directory.access.context import NoCapacity, acting_as, engagements_of  # noqa: E402
from directory.access.keystore import destroy_key  # noqa: E402
from directory.accounts import actions as accounts  # noqa: E402
from directory.accounts.models import User  # noqa: E402
from directory.people.models import Engagement  # noqa: E402
from dossier.models import Dossier  # noqa: E402
from dossier.models.shell import Opened  # noqa: E402
from dossier.records import actions  # noqa: E402
from dossier.records.base import Header  # noqa: E402
from dossier.records.loading import load_panel  # noqa: E402
from dossier.records.places import code_of  # noqa: E402
from tests.domain.test_pages import enter  # noqa: E402
from tests.domain.test_records_tools import CONTACT, NOTE, entry, opened  # noqa: E402
from tests.world import Actor, Case, World  # noqa: E402

PEOPLE = Path(os.environ["TWEELUIK_KEYS_DIR"]).parent / "people.json"
OLD_PASSWORD = "vier-fietsen-in-de-schuur"


def build() -> dict[str, str]:
    """A physician, her delegate under contract, a desk, an administrator, on one dossier with two notes."""
    world = World()
    delegate = world.case("gedelegeerde")
    people = {
        "bedrijfsarts": delegate.physician,
        "gedelegeerde": delegate.actor,
        "secretariaat": world.case(
            "secretariaat", dossier=delegate.dossier, physician=delegate.physician
        ).actor,
        "beheerder": world.engaged("praktijkbeheerder"),
    }
    for actor in people.values():
        user = User.objects.get(pk=actor.user.pk)
        user.set_password(OLD_PASSWORD)
        user.save(update_fields=["password"])
    found = {name: f"{actor.user.pk} {actor.engagement.pk}" for name, actor in people.items()}
    PEOPLE.write_text(json.dumps(found | {"dossier": str(delegate.dossier.pk)}))
    return found


def case(name: str) -> Case:
    """Who somebody of the practice is, on the dossier of the drill."""
    known = json.loads(PEOPLE.read_text())
    user, engagement = known[name].split()
    # The engagement is a shell: what it holds stands behind the walls, and its own user reads it there.
    actor = Actor(User(pk=int(user)), Engagement(pk=UUID(engagement)))
    return Case(name, actor, Dossier(pk=UUID(known["dossier"])), None, actor)


def write(name: str, *texts: str) -> list[str]:
    """Somebody signs notes; returns their ids."""
    who, made = case(name), []
    at = NOTE if name == "bedrijfsarts" else CONTACT
    for text in texts:
        with who.actor.acts():
            row: Header = actions.write(
                by=User.objects.get(pk=who.actor.user.pk),
                opened=opened(who, at),
                entry=entry(at, **{at.kind.parts[0].code: text}),
                sign=True,
            )
            made.append(str(row.pk))
    return made


def reads(name: str) -> dict[str, str | None]:
    """What somebody reads on the medical panel now, by record; null where the key is gone."""
    who = case(name)
    with who.actor.acts():
        found: Opened = opened(who, NOTE if name == "bedrijfsarts" else CONTACT)
        read: dict[str, str | None] = {}
        page = load_panel(found, "medical")
        while True:
            read |= {
                str(view.id): None if view.gone else " ".join(text for _, text in view.parts)
                for view in page.records
            }
            if page.older is None:
                return read
            page = load_panel(found, "medical", after=page.older)


def destroy(record: str) -> bool:
    destroy_key(UUID(record), by="oefening")
    return True


def end_contract() -> str:
    """The bedrijfsarts ends the contract of her delegate."""
    who = case("bedrijfsarts")
    with who.actor.acts():
        contract = Contract.objects.select_related("ground", "physician").get()
        contracts.end(by=User.objects.get(pk=who.actor.user.pk), contract=contract, reason="Oefening")
        return str(contract.ground_id)


def suspend(name: str) -> bool:
    """The administrator suspends a colleague."""
    by, whom = case("beheerder"), case(name)
    with by.actor.acts():
        engagement = Engagement.objects.select_related("user").get(pk=whom.actor.engagement.pk)
        accounts.suspend(engagement=engagement, reason="Oefening", by=User.objects.get(pk=by.actor.user.pk))
    return True


def new_password(name: str) -> bool:
    user = User.objects.get(pk=case(name).actor.user.pk)
    user.set_password("een heel ander wachtwoord")
    user.save(update_fields=["password"])
    return True


def sees(name: str) -> int:
    """How many dossiers somebody sees; minus one when he cannot work at all."""
    who = case(name)
    if not engagements_of(who.actor.user.pk):
        return -1
    try:
        with acting_as(who.actor.user.pk, who.actor.engagement.pk, reason="oefening"):
            return len(Dossier.objects.newest(50))
    except NoCapacity:
        return -1


def logs_in(name: str) -> bool:
    """Whether the password of the beginning still opens the account."""
    return User.objects.get(pk=case(name).actor.user.pk).check_password(OLD_PASSWORD)


def let_end(record: str) -> bool:
    """A record is destroyed, a contract ends, somebody is suspended and has a new password."""
    return (
        destroy(record) and bool(end_contract()) and suspend("secretariaat") and new_password("secretariaat")
    )


def state() -> dict[str, Any]:
    """What is true now, for whoever was met by `let_end` and for who was not."""
    return {
        "reads": reads("bedrijfsarts"),
        "gedelegeerde": sees("gedelegeerde"),
        "secretariaat": sees("secretariaat"),
        "old_password": logs_in("secretariaat"),
        "own_password": logs_in("bedrijfsarts"),
    }


def enters(name: str, times: str = "1") -> dict[str, Any]:
    """Log somebody in so many times; returns the keys of the sessions, and the addresses of his work."""
    who = case(name)
    with who.actor.acts():
        engagement = Engagement.objects.get(pk=who.actor.engagement.pk)
    actor = Actor(User.objects.get(pk=who.actor.user.pk), engagement)
    at = NOTE if name == "bedrijfsarts" else CONTACT
    return {
        "sessions": [enter(actor).cookies[settings.SESSION_COOKIE_NAME].value for _ in range(int(times))],
        "dossier": reverse("dossier", args=[who.dossier.pk]),
        "new": reverse("record_new", args=[who.dossier.pk, code_of(who.dossier.pk, at)]),
    }


VERBS: dict[str, Any] = {
    act.__name__: act
    for act in (
        build,
        write,
        reads,
        destroy,
        end_contract,
        suspend,
        new_password,
        sees,
        logs_in,
        let_end,
        state,
        enters,
    )
}

if __name__ == "__main__":
    print(json.dumps(VERBS[sys.argv[1]](*sys.argv[2:])))
