"""An act that is sent twice is done once, and the second time the page says how it stands."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from delegation.models import Contract, OwnDeclaration, ProtocolRead
from directory.access.models import Ground, Suspension
from directory.accounts.models import Invitation
from directory.people.models import Engagement, EngagementSuspension
from tests.domain.bad_input import send
from tests.domain.test_bad_input import to_accept
from tests.domain.test_double_submit import count
from tests.walls.addresses import Desk, desk_of
from tests.walls.url_answers import POST
from tests.world import OWNER, World

# Every address that takes a form: what is made takes its id from the form (test_double_submit.py), what is done stands
# in the row it was done to, and the last change nothing that a second time would change again.
BY_KEY = {
    *("client_add", "client_guide", "employee_add", "accounts_invite", "contract_draft", "task_competence"),
    *("protocol_new", "protocol_publish", "notice_give", "record_new", "record_amend", "record_remark"),
    *("deputising_begin", "absence_record", "untold_tell", "supervision_begin", "separation"),
    *("assignment_new", "take_over", "consents", "signals"),
    *("review_signal", "log_request"),
    *("draft_new", "draft_of", "private_new", "snippets"),
    *("appointment_new", "block_new", "rooms", "professional_add", "registration_add", "location_add"),
    *("closing_add", "accounts_move"),
}
BY_STATE = {
    *("client_accept", "dossier_found", "accounts_accept", "accounts_reinvite", "accounts_suspend"),
    *("accounts_resume", "accounts_end", "contract_edit", "contract_sign", "contract_accept"),
    *("contract_suspend", "contract_resume", "contract_end", "task_declare", "task_competence_withdraw"),
    *("protocol_read", "kept_decide", "record_edit", "record_sign", "record_move", "record_share"),
    *("record_unshare", "invitation_accept", "account_change_password", "mfa_activate_totp", "session_end"),
    *("mfa_generate_recovery_codes", "deputising_end", "standing_sign", "standing_end", "absence_end"),
    *("supervision_end", "review_done", "assignment_accept", "assignment_end", "consent_withdraw"),
    *("review_sample", "review_settings", "log_overview"),
    *("draft_discard", "private_edit", "private_destroy", "breach_assess"),
    *("snippet_edit", "snippet_remove", "keys", "feed", "contact_open"),
    *("appointment_move", "appointment_close", "block_withdraw", "closing_withdraw", "location_edit"),
    *("colleague_add", "colleague_registration_add", "colleague_registration_check", "professional_edit"),
    *("registration_check", "setting_accept", "setting_choose"),
}
NOTHING = {
    *("zoeken", "clients", "client", "account_login", "mfa_authenticate", "account_logout", "confirm"),
    *("capacity_choose", "hoedanigheid", "agenda_find", "contact_new", "professionals"),
}


def test_of_every_form_somebody_decided_what_makes_it_once() -> None:
    assert {label.split()[0] for label in POST} == BY_KEY | BY_STATE | NOTHING


def twice(desk: Desk, label: str, **fields: str) -> tuple[HttpResponse, str]:
    """Send the very same form two times; returns the first answer, and what the page says after the second."""
    first = send(desk.client, desk.urls[label], fields)
    desk.client.get(first.url) if first.status_code == 302 else None  # its message was read
    second = send(desk.client, desk.urls[label], fields)
    assert second.status_code < 404
    page = desk.client.get(second.url) if second.status_code == 302 else second
    return first, unescape(re.sub(r"\s+", " ", page.content.decode()))


def contract_of(desk: Desk) -> Contract:
    return Contract.objects.using(OWNER).get(practice=desk.case.dossier.practice, signed_at__isnull=False)


def colleague_of(desk: Desk) -> Engagement:
    """Load the colleague whose address this is."""
    named = re.search(r"[0-9a-f-]{36}", desk.urls["accounts_suspend"])
    assert named
    return Engagement.objects.using(OWNER).get(pk=named[0])


# -- contracts -----------------------------------------------------------------------------------------


def test_a_contract_is_suspended_once_and_resumed_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    first, page = twice(desk, "contract_suspend lopend", reason="Even niet")
    assert first.status_code == 302
    assert "al geschorst" in page
    suspension = Suspension.objects.using(OWNER).get(ground=contract_of(desk).ground)
    twice(desk, "contract_resume lopend")
    ended = Suspension.objects.using(OWNER).get(pk=suspension.pk).ends_at
    assert ended is not None
    twice(desk, "contract_resume lopend")
    assert Suspension.objects.using(OWNER).get(pk=suspension.pk).ends_at == ended


def test_a_contract_is_withdrawn_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    send(desk.client, desk.urls["contract_end lopend"], {"reason": "Klaar"})
    ground = Ground.objects.using(OWNER).get(pk=contract_of(desk).ground_id)
    _, page = twice(desk, "contract_end lopend", reason="Klaar")
    assert "al geëindigd" in page
    assert Ground.objects.using(OWNER).get(pk=ground.pk).ends_at == ground.ends_at


def test_a_signed_contract_is_not_signed_again(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    _, page = twice(desk, "contract_sign lopend")
    assert "al ondertekend" in page


def test_a_delegate_accepts_once(world: World) -> None:
    desk = desk_of(world, "gedelegeerde")
    contract = to_accept(world, desk)
    fields = {f"task-{line.task_id}": "nee" for line in contract.tasks.using(OWNER)}
    before = count(OwnDeclaration, user=desk.case.actor.user)
    first, _ = twice(desk, "contract_accept wachtend", **fields)
    assert first.url == reverse("contract", args=[contract.pk])
    assert count(OwnDeclaration, user=desk.case.actor.user) == before + len(fields)


def test_a_delegate_declares_once(world: World) -> None:
    desk = desk_of(world, "gedelegeerde")
    own = {"user": desk.case.actor.user, "task__code": "M2"}
    assert count(OwnDeclaration, **own) == 1
    twice(desk, "task_declare lopend", bekwaam="nee")
    assert count(OwnDeclaration, **own) == 2
    assert count(OwnDeclaration, **own, competent=False, ends_at=None) == 1


def test_a_conclusion_is_withdrawn_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    _, page = twice(desk, "task_competence_withdraw lopend", reason="Niet meer gezien")
    assert "uw oordeel loopt niet (meer)" in page


def test_a_protocol_is_confirmed_once(world: World) -> None:
    desk = desk_of(world, "gedelegeerde")
    before = contract_of(desk).protocol.versions.using(OWNER).get()
    words = {"position": "p", "division": "d", "responsibilities": "r"}
    newer = world.make(
        type(before),
        practice=before.practice,
        protocol=before.protocol,
        version=2,
        in_force_from=timezone.now(),
        **words,
    )
    desk.urls["protocol_read"] = reverse("protocol_read", args=[newer.pk])
    twice(desk, "protocol_read")
    assert count(ProtocolRead, protocol_version=newer) == 1


def test_a_client_is_accepted_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    before = count(Ground, holder=desk.case.actor.engagement)
    _, page = twice(desk, "client_accept")
    assert "Deze opdracht hebt u al aanvaard." in page
    assert count(Ground, holder=desk.case.actor.engagement) == before + 1


# -- staff ---------------------------------------------------------------------------------------------


def test_a_colleague_is_suspended_once_and_resumed_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    first, page = twice(desk, "accounts_suspend", reason="Wacht op opdracht")
    assert first.status_code == 302
    assert "loopt al een schorsing" in page
    suspension = EngagementSuspension.objects.using(OWNER).get(engagement=colleague_of(desk))
    twice(desk, "accounts_resume")
    resumed = EngagementSuspension.objects.using(OWNER).get(pk=suspension.pk).ends_at
    assert resumed is not None
    twice(desk, "accounts_resume")
    assert EngagementSuspension.objects.using(OWNER).get(pk=suspension.pk).ends_at == resumed


def test_an_engagement_is_ended_once(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    _, page = twice(desk, "accounts_end", reason="Vertrokken")
    assert "al eerder geëindigd" in page


def test_of_two_links_for_one_colleague_one_works(world: World) -> None:
    desk = desk_of(world, "praktijkbeheerder")
    _, page = twice(desk, "accounts_reinvite")
    assert "/uitnodiging/" in page
    assert count(Invitation, user=colleague_of(desk).user, used_at=None, expires_at__gt=timezone.now()) == 1


def test_a_newcomer_is_accepted_once(world: World) -> None:
    desk = desk_of(world, "bedrijfsarts")
    waiting_one = world.engaged("procesbewaker", practice=desk.case.dossier.practice).engagement
    world.change(waiting_one, accepted_by=None, accepted_at=None)
    first, page = twice(desk, "accounts_accept", engagement=str(waiting_one.pk))
    assert first.status_code == 302
    assert "wacht niet (meer) op aanvaarding" in page
    assert Engagement.objects.using(OWNER).get(pk=waiting_one.pk).accepted_by == desk.case.actor.user
