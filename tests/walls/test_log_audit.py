"""The commands that keep the log's house: seal, anchor, verify. What each answers, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from directory.access.proof import anchors, sealing
from directory.access.proof.sealing import SigningKey
from directory.access.proof.statement import Root
from dossier.models import Dossier
from tests.domain.test_pages import body, enter
from tests.walls import asking, looking, proving
from tests.walls.asking import REFUSED
from tests.walls.proving import KEY, altered, settled
from tests.world import Case, World

SECTIONS = ("begeleiding.read", "pmo.read", "keuring.read")
HATS = ("medical", "signal", "process", "desk", "employer", "admin")
FILE = "directory.access.proof.anchors.File"
MAIL = "directory.access.proof.anchors.Mail"


@pytest.fixture
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


@pytest.fixture
def outside(tmp_path: Path, settings: LazySettings) -> Path:
    """The key of this suite's log, and a file that stands for another disk."""
    settings.LOG_KEY_FILE = tmp_path / "log.key"
    settings.LOG_KEY_FILE.write_text(bytes(range(32)).hex())
    settings.LOG_FORMER_KEYS_FILE = tmp_path / "log.pub"
    file = tmp_path / "roots.jsonl"
    settings.LOG_ANCHORS = [{"BACKEND": FILE, "LOCATION": str(file)}]
    return file


@pytest.fixture
def three(physician: Case, superuser: psycopg.Connection) -> list[dict[str, Any]]:
    """Three rows of one request of hers, whose transaction is over."""
    found = looking.rows(superuser, request=looking.openings(physician, *SECTIONS))
    settled(superuser, found)
    return found


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Said:
    """Give the command; returns its exit code and what it said."""

    def run(*arguments: Any) -> tuple[int, str, str]:
        capsys.readouterr()
        code = 0
        try:
            call_command("audit", *map(str, arguments))
        except SystemExit as stopped:
            code = int(str(stopped.code))
        except CommandError as error:
            code = error.returncode
            print(error)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


# --- verify ---------------------------------------------------------------------------------------------------


def test_sealed_and_sent_outside_the_log_is_proven(three: Any, outside: Path, audit: Said) -> None:
    assert audit("seal")[0] == 0
    code, said, _ = audit("anchor")
    assert (code, said.split(":")[0]) == (0, "file")
    code, said, _ = audit("verify")
    assert code == 0, said
    assert "is hetzelfde" in said


def test_without_a_root_outside_a_sound_log_is_not_called_proven(
    three: Any, outside: Path, audit: Said
) -> None:
    audit("seal")
    code, said, _ = audit("verify")
    assert code == 3
    assert "Buiten is geen controlepunt gevonden" in said


def test_with_an_old_root_outside_it_is_not_either(
    three: Any, outside: Path, audit: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit("seal")
    audit("anchor")
    assert audit("verify")[0] == 0
    monkeypatch.setattr("directory.access.proof.verifying.FRESH", timedelta(0))
    code, said, _ = audit("verify")
    assert code == 3
    assert "ouder dan een dag" in said


def test_the_first_altered_row_is_named_and_the_exit_code_is_one(
    three: list[dict[str, Any]], superuser: psycopg.Connection, outside: Path, audit: Said
) -> None:
    audit("seal")
    audit("anchor")
    with altered(superuser, three[2], three[1]):
        code, out, err = audit("verify")
        assert (code, out) == (1, "")
        assert err.startswith(f"Regel {three[1]['id']} van ")
        assert err.endswith("is gewijzigd: de hash klopt niet.\n")
        code, out, _ = audit("verify", "--json")
        found = json.loads(out)
        assert (code, found["exit"]) == (1, 1)
        assert (found["wrong"]["code"], found["wrong"]["row"]) == ("edited", three[1]["id"])
    code, out, _ = audit("verify", "--json")
    found = json.loads(out)
    assert (code, found["wrong"], found["fresh"]) == (0, None, True)
    assert found["outside"]["number"] == found["checkpoints"]


def test_an_outsider_verifies_with_the_public_key_and_roots_of_his_own(
    three: Any, outside: Path, audit: Said, tmp_path: Path
) -> None:
    """The key as it was given to him; the roots as they lie in his mailbox, with words around them."""
    audit("seal")
    audit("anchor")
    kept, public = tmp_path / "postvak.txt", tmp_path / "sleutel.txt"
    kept.write_text(f"Bewaar dit bericht.\n\n{outside.read_text()}\nTot ziens\n")
    public.write_text(audit("key")[1])
    assert public.read_text().strip() == KEY.public.hex()
    assert audit("verify", "--roots", kept, "--public", public)[0] == 0
    public.write_text("00" * 32)
    code, _, err = audit("verify", "--roots", kept, "--public", public)
    assert code == 1
    assert "niet met deze sleutel" in err


def test_what_cannot_be_verified_is_neither_right_nor_wrong(
    three: Any, outside: Path, audit: Said, tmp_path: Path, settings: LazySettings
) -> None:
    audit("seal")
    audit("anchor")
    assert audit("verify", "--roots", tmp_path / "er-is-niets")[0] == 2
    (tmp_path / "kort.txt").write_text("abc")
    assert audit("verify", "--public", tmp_path / "kort.txt")[0] == 2
    settings.LOG_KEY_FILE = tmp_path / "weg.key"
    code, said, _ = audit("verify")
    assert code == 2
    assert "ontbreekt" in said
    settings.LOG_KEY_FILE = tmp_path / "kort.txt"
    assert audit("verify")[0] == 2


def test_a_database_that_does_not_answer_is_neither_right_nor_wrong(
    outside: Path, audit: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise psycopg.OperationalError("server closed the connection; a line of its log")

    monkeypatch.setattr("directory.access.proof.verifying.verify", away)
    code, said, _ = audit("verify")
    assert (code, said) == (2, "De database antwoordt niet (OperationalError).\n")


def test_a_torn_line_outside_is_said_and_does_not_count(three: Any, outside: Path, audit: Said) -> None:
    audit("seal")
    audit("anchor")
    outside.write_text(outside.read_text()[:-40] + "\n")
    code, _, err = audit("verify")
    assert code == 3
    assert "regel 1 is niet te lezen" in err
    audit("anchor")
    assert audit("verify")[0] == 0


# --- seal and anchor ------------------------------------------------------------------------------------------


def test_sealing_again_at_once_makes_nothing(three: Any, outside: Path, audit: Said) -> None:
    assert "controlepunt" in audit("seal")[1]
    assert audit("seal")[1] == "0 regels verzegeld.\n"


def test_without_its_key_nothing_is_sealed_and_none_is_made(
    three: Any, outside: Path, audit: Said, settings: LazySettings, tmp_path: Path
) -> None:
    settings.LOG_KEY_FILE = tmp_path / "weg.key"
    code, said, _ = audit("seal")
    assert code == 2
    assert "openssl rand -hex 32" in said
    assert not settings.LOG_KEY_FILE.exists()


def test_with_nowhere_to_send_it_says_what_to_set(outside: Path, audit: Said, settings: LazySettings) -> None:
    settings.LOG_ANCHORS = []
    code, said, _ = audit("anchor")
    assert code == 1
    assert "LOG_ANCHOR_FILE" in said


def test_the_file_outside_is_only_added_to(three: Any, outside: Path, audit: Said, physician: Case) -> None:
    audit("seal")
    audit("anchor")
    first = outside.read_text()
    looking.openings(physician, *SECTIONS)
    audit("seal")
    audit("anchor")
    assert outside.read_text().startswith(first)
    assert outside.stat().st_mode & 0o007 == 0
    assert all(Root.read(line) for line in outside.read_text().splitlines())


def test_a_mount_that_is_gone_is_said_and_keeps_nothing_from_the_mail(
    three: Any, outside: Path, audit: Said, settings: LazySettings, tmp_path: Path
) -> None:
    settings.LOG_ANCHORS = [
        {"BACKEND": FILE, "LOCATION": str(tmp_path / "weg" / "roots.jsonl")},
        {"BACKEND": MAIL, "TO": ["fg@example.org"]},
    ]
    audit("seal")
    code, _, err = audit("anchor")
    assert code == 1
    assert "file: niet verstuurd" in err
    assert len(mail.outbox) == 1
    assert not (tmp_path / "weg").exists()


def test_the_mail_says_nothing_but_the_root(
    three: Any, outside: Path, audit: Said, settings: LazySettings
) -> None:
    settings.LOG_ANCHORS = [{"BACKEND": MAIL, "TO": ["fg@example.org", "notaris@example.org"]}]
    audit("seal")
    audit("anchor")
    (sent,) = mail.outbox
    assert sent.subject == "Tweeluik: controlegetal"
    assert sent.to == ["fg@example.org", "notaris@example.org"]
    (line,) = [line for line in str(sent.body).splitlines() if line.startswith("{")]
    assert Root.read(line).statement.rows >= 0
    assert max(map(len, str(sent.message()).splitlines())) < 998, "a longer line would be folded on its way"


def test_the_loop_mails_once_a_day_and_adds_every_root_to_the_file_once(
    three: Any, outside: Path, audit: Said, settings: LazySettings
) -> None:
    file, post = anchors.File(str(outside)), anchors.Mail(["fg@example.org"])
    audit("seal")
    root = sealing.newest_root(KEY)
    assert root is not None
    for way in (file, post):
        anchors.send(way, root)
    now = timezone.now() + timedelta(hours=1)
    newer = replace(root, statement=replace(root.statement, number=root.statement.number + 1))
    assert not anchors.due(file, root, now), "it stands there already"
    assert anchors.due(file, newer, now)
    assert not anchors.due(post, newer, now)
    assert anchors.due(post, newer, now + timedelta(days=1))


def test_a_round_with_anchor_seals_and_sends_and_the_next_has_nothing_to_send(
    three: Any, outside: Path, audit: Said
) -> None:
    assert audit("seal", "--anchor")[0] == 0
    assert len(outside.read_text().splitlines()) == 1
    audit("seal", "--anchor")
    assert len(outside.read_text().splitlines()) == 1
    assert audit("verify")[0] == 0


def test_a_key_others_can_read_is_no_key(tmp_path: Path) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from config import keyfiles

    keyfiles.make(tmp_path, keyfiles.LOG_KEY)
    file = tmp_path / keyfiles.LOG_KEY
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(SigningKey.load(keyfiles.demand_private(file)).public) == 32
    file.chmod(0o640)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        keyfiles.demand_private(file)


# --- who may --------------------------------------------------------------------------------------------------

CALLS = (
    "SELECT * FROM access_next_checkpoint(10, interval '1 hour')",
    "SELECT access_seal(NULL::access_checkpoint, '{}', '{}', '{}')",
    "SELECT * FROM access_checkpoints(0, 1)",
    "SELECT * FROM access_last_checkpoint()",
    "SELECT access_anchored(1, 'file')",
    "SELECT access_last_anchoring('file')",
    "SELECT * FROM access_sealed_rows(1, 1, 1, 1, now(), now())",
    "SELECT * FROM access_unsealed()",
)
TABLES = ("access_checkpoint", "access_sealed", "access_anchoring")


@pytest.mark.parametrize("hat", ["none", *HATS])
def test_whoever_serves_neither_seals_nor_verifies(physician: Case, hat: str) -> None:
    with physician.actor.acts():
        asking.run("SELECT set_config('role', %s, true)", hat if hat == "none" else f"hat_{hat}")
        for call in CALLS:
            assert asking.outcome(lambda c=call: asking.run(c)) == REFUSED, call
        for table in TABLES:
            for attack in (
                "SELECT 1 FROM {}",
                "DELETE FROM {}",
                "TRUNCATE {}",
                "INSERT INTO {} DEFAULT VALUES",
            ):
                assert asking.outcome(lambda a=attack, t=table: asking.run(a.format(t))) == REFUSED, attack


def test_the_bare_login_does_not_either() -> None:
    with transaction.atomic():
        for call in CALLS:
            assert asking.outcome(lambda c=call: asking.run(c)) == REFUSED, call


def test_the_second_login_may_call_every_one_and_still_touches_no_table() -> None:
    with transaction.atomic(using="begin"), connections["begin"].cursor() as cursor:
        for call in CALLS:
            mark = transaction.savepoint(using="begin")
            try:
                cursor.execute(call)
                state = ""
            except Exception as error:
                state = asking.sqlstate(error)
            transaction.savepoint_rollback(mark, using="begin")
            assert state in ("", "22023", "23503"), (
                call
            )  # allowed; without a checkpoint at hand it finds fault
        for table in TABLES:
            mark = transaction.savepoint(using="begin")
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(f"SELECT 1 FROM {table}")
            transaction.savepoint_rollback(mark, using="begin")


def test_since_when_the_log_is_provable_is_told_to_who_reviews_it(
    world: World, physician: Case, three: Any, outside: Path, audit: Said
) -> None:
    audit("seal")
    audit("anchor")
    officer = world.engaged("fg", practice=physician.dossier.practice)
    state = "SELECT sealed IS NOT NULL, anchored IS NOT NULL FROM access_log_state()"
    with officer.acts():
        assert asking.run(state) == [(True, True)]
    with physician.actor.acts():
        assert asking.run(state) == []
    page = body(enter(officer).get(reverse("log_review")))
    assert "De log is voor het laatst verzegeld op" in page
    assert "Het controlegetal ging voor het laatst naar buiten op" in page


# --- under way ------------------------------------------------------------------------------------------------


def test_what_is_still_open_while_we_seal_is_sealed_the_next_time(
    world: World, physician: Case, superuser: psycopg.Connection, outside: Path, audit: Said
) -> None:
    """A sealer that went by row numbers would have taken the later row and passed the earlier by for ever."""
    from concurrent.futures import ThreadPoolExecutor

    other = looking.alone(world, "bedrijfsarts")

    def beside() -> str:
        try:
            return looking.openings(other, "begeleiding.read")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, physician.actor.acts() as now:
        Dossier.objects.open(physician.dossier.pk, "begeleiding.read")
        later = looking.row(superuser, request=pool.submit(beside).result())
        audit("seal")
        assert proving.sealed_ids(superuser.cursor(), [later["id"]]) == {}
    earlier = looking.row(superuser, request=now.nonce)
    assert earlier["id"] < later["id"]
    settled(superuser, [earlier, later])
    audit("seal")
    found = proving.sealed_ids(superuser.cursor(), [earlier["id"], later["id"]])
    assert set(found) == {earlier["id"], later["id"]}


def test_under_twenty_writers_every_row_is_sealed_exactly_once(
    world: World, superuser: psycopg.Connection, outside: Path
) -> None:
    from threading import Event, Thread

    from tests.walls.test_twenty_writers import WRITERS, at_once

    cases = [looking.alone(world, "bedrijfsarts") for _ in range(WRITERS)]
    done, made = Event(), []

    def keep_sealing() -> None:
        try:
            while not done.is_set():
                made.extend(sealing.seal_all(KEY))
        finally:
            connections.close_all()

    sealer = Thread(target=keep_sealing)
    sealer.start()
    with at_once(WRITERS) as run:
        nonces = [
            nonce
            for some in run(lambda n: [looking.openings(cases[n], *SECTIONS) for _ in range(8)])
            for nonce in some
        ]
    done.set()
    sealer.join()
    rows = [row for nonce in nonces for row in looking.rows(superuser, request=nonce)]
    assert len(rows) == WRITERS * 8 * len(SECTIONS)
    settled(superuser, rows)
    made += sealing.seal_all(KEY)
    found = superuser.execute(
        "SELECT row_id, checkpoint_id FROM access_sealed WHERE row_id = ANY (%s)",
        [[row["id"] for row in rows]],
    ).fetchall()
    assert sorted(row for row, _ in found) == sorted(row["id"] for row in rows), "missed, or sealed twice"
    assert len({number for _, number in found}) > 1, "the sealer never came between: this proves nothing"
    with superuser.cursor() as cursor:
        assert proving.verdict(cursor).fault is None


def test_two_sealers_at_once_take_turns(three: Any, outside: Path) -> None:
    with sealing.second_login() as cursor:
        assert sealing.seal_with(cursor, KEY) is not None
        with psycopg.connect(**_begin()) as other, other.cursor() as beside:
            assert sealing.seal_with(beside, KEY) is None


def _begin() -> dict[str, Any]:
    found = connections["begin"].get_connection_params()
    return {name: found[name] for name in ("dbname", "user", "host", "port") if found.get(name)}
