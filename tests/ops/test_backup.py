"""A backup that is not whole says so, opens nothing, and never stands beside its keys."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from config.ops import dumping, endings, manifest, places
from config.ops.problems import Stop
from tests.ops.conftest import Drilled, Fresh
from tests.ops.stand import Stand

# What says an end and is not on the list, and why it need not be.
NOT_ON_THE_LIST = {
    ("access_sessioncontext", "ended_at"): "a restore ends every capacity",
    ("accounts_invitation", "expires_at"): "a restore ends every invitation",
    ("accounts_invitation", "used_at"): "a restore ends every invitation",
    ("access_sessioncontext", "expires_at"): "a restore ends every capacity",
    ("accounts_user", "is_active"): "the list names the state of every account",
    ("django_session", "expire_date"): "not used: sessions stand in a table of their own",
    ("accounts_session", "expire_date"): "a restore ends every session",
    ("dossier_kepttext", "decided_at"): "its key is destroyed, and that is on the list",
    ("dossier_kepttext", "expires_at"): "an end that was set when it was written",
    ("shared_cache", "expires"): "throttles",
    ("medical_werkaantekening", "expires_at"): "an end that was set when it was written",
    ("medical_werkaantekening", "destroy_before"): "an end that was set when it was written",
}
SAYS_AN_END = (
    r"^(ends|ended|expires?|used|revoked|withdrawn|lifted|closed|shielded|decided|destroy|is_active).*"
)


def refused(stand: Stand, *command: str) -> str:
    return stand.ops(*command, fails=True)


def is_closed(stand: Stand, database: str) -> bool:
    """Whether the login that serves is kept out."""
    try:
        psycopg.connect(stand.cluster.url("tweeluik_app", database)).close()
    except psycopg.OperationalError:
        return True
    return False


# --- the drill ------------------------------------------------------------------------------------------------


def test_a_lost_server_comes_back_without_what_ended_since_the_backup(drilled: Drilled) -> None:
    """From the dumps and from the WAL; the drill itself raises where something is not as it must be."""
    assert len(drilled.drill.figures) == 7
    assert not is_closed(drilled.stand, "terug")


def test_what_ends_again_stands_in_history_with_the_reason_and_nobody_s_name(drilled: Drilled) -> None:
    back = drilled.stand.on(main="terug")
    written = back.ask(
        "SELECT string_agg(u.username || ': ' || h.history_change_reason, '|') FROM access_historicalground h "
        "JOIN accounts_user u ON u.id = h.history_user_id WHERE h.history_change_reason LIKE 'Opnieuw%%'"
    )
    assert written == "systeem: Opnieuw beëindigd na terugzetten van een back-up"
    assert back.ask("SELECT ends_at < now() AND ended_reason = '' FROM access_ground WHERE kind = 'contract'")
    assert back.ask("SELECT count(*) FROM people_engagementsuspension") == 1
    assert back.ask("SELECT count(*) FROM access_sessioncontext WHERE ended_at IS NULL") == 0


# --- two things that open each other stay apart ---------------------------------------------------------------


@pytest.mark.parametrize("keys", ["{main}", "{main}/keys", "{main}/..", "{folder}/link"])
def test_dossiers_and_keys_never_go_to_one_place(drilled: Drilled, tmp_path: Path, keys: str) -> None:
    main = tmp_path / "a" / "main"
    main.mkdir(mode=0o700, parents=True)
    (tmp_path / "link").symlink_to(main)
    to = keys.format(main=main, folder=tmp_path)
    said = refused(
        drilled.stand, "backup", "--main", str(main), "--keys", to, "--endings", str(tmp_path / "list")
    )
    assert "liggen in elkaar" in said
    assert list(main.iterdir()) == []


def test_a_place_keeps_the_kind_it_was_first_used_for(tmp_path: Path) -> None:
    """Also by another name, and also below it: a mount shows one folder under two names."""
    folder = tmp_path / "plaats"
    assert places.claim(folder, "main") == places.claim(folder, "main") == folder
    for other in (folder, folder / "dieper"):
        with pytest.raises(Stop, match="is voor de hoofddatabase"):
            places.claim(other, "keys")


def test_a_place_where_others_can_look_is_no_place_for_a_backup(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(Stop, match="chmod 700"):
        places.claim(tmp_path, "main")


# --- whole, or not at all -------------------------------------------------------------------------------------


def test_a_login_that_sees_through_the_policies_makes_no_backup(fresh: Fresh) -> None:
    """The owner under FORCE would write empty tables, with --enable-row-security even without any error."""
    stand = fresh()
    stand.more["BACKUP_DATABASE_URL"] = stand.cluster.url("tweeluik_owner", stand.main)
    assert "tweeluik_backup (BYPASSRLS" in refused(stand, "backup")
    assert list(stand.folder_of("main").glob("*.dump")) == []


def test_a_row_less_than_was_counted_keeps_the_database_closed(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    path = manifest.newest(stand.folder_of("main"))
    said = json.loads(path.read_text())
    said["rows"]["people_person"] += 1
    path.write_text(json.dumps(said))
    told = refused(stand, "restore", "--as", "te_weinig", "--keys-as", "te_weinig_keys")
    assert (
        f"people_person: {said['rows']['people_person'] - 1} in plaats van {said['rows']['people_person']}"
        in told
    )
    assert is_closed(stand, "te_weinig")
    assert not is_closed(stand, stand.main)


def test_a_dump_that_changed_is_not_restored(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    (dump,) = stand.folder_of("main").glob("*.dump")
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "de hash klopt niet" in refused(stand, "restore", "--as", "anders")
    assert "de hash klopt niet" in refused(stand, "check")
    dump.write_bytes(whole)
    assert "is heel" in stand.ops("check")


def test_keys_that_are_older_than_the_dossiers_do_not_open(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    old = manifest.newest(stand.folder_of("keys"))
    stand.does("write", "bedrijfsarts", "Na de back-up van de sleutels.")
    stand.run("-c", "import time; time.sleep(1)")  # names hold a second
    stand.ops("backup")
    told = refused(stand, "restore", "--as", "sleutelloos", "--keys", str(old), "--keys-as", "oude_sleutels")
    assert "stukken is de sleutel er niet" in told
    assert is_closed(stand, "sleutelloos")


def test_nothing_is_overwritten(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    assert "is er al" in refused(stand, "restore", "--as", stand.main)


# --- the list of endings --------------------------------------------------------------------------------------


def test_without_the_list_nothing_is_restored(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    shutil.rmtree(stand.folder_of("endings"))
    told = refused(stand, "restore", "--as", "vergeten")
    assert "zou terugkomen" in told
    assert stand.ask("SELECT count(*) FROM pg_database WHERE datname = 'vergeten'", database="postgres") == 0


def test_a_list_with_a_gap_tells_only_until_the_gap(tmp_path: Path) -> None:
    def mark(start: int, until: int) -> str:
        at = datetime(2026, 11, 28, tzinfo=UTC)
        return json.dumps(
            {
                "from": (at + timedelta(hours=start)).isoformat(),
                "until": (at + timedelta(hours=until)).isoformat(),
            }
        )

    lines = [mark(0, 2), mark(1, 3), mark(5, 6), '{"t": "key", "id": "half']
    (tmp_path / "endings-2026-11-28.jsonl").write_text("\n".join(lines))
    found = endings.covered(tmp_path, datetime(2026, 11, 28, 1, 30, tzinfo=UTC))
    assert found == datetime(2026, 11, 28, 3, tzinfo=UTC)
    with pytest.raises(Stop, match="zou terugkomen"):
        endings.covered(tmp_path, datetime(2026, 11, 28, 4, tzinfo=UTC))


def test_the_list_holds_ids_and_moments_and_no_word_that_somebody_wrote(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("endings")
    (record, *_) = stand.does("write", "bedrijfsarts", "Tekst.")
    stand.does("let_end", record)
    stand.ops("endings")
    lines = list(endings.read(stand.folder_of("endings")))
    assert {line["t"] for line in lines if "t" in line} == {
        "account",
        "access_ground",
        "people_engagementsuspension",
        "key",
    }
    assert "Oefening" not in json.dumps(lines)  # the reason of each of them
    assert stand.ask("SELECT ended_reason FROM access_ground WHERE ended_reason <> ''") == "Oefening"


def test_the_list_is_added_to_and_says_nothing_twice(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("endings")
    stand.does("end_contract")
    assert "1 erbij" in stand.ops("endings")
    assert "0 erbij" in stand.ops("endings")
    said = [line for line in endings.read(stand.folder_of("endings")) if line.get("t") == "access_ground"]
    assert len(said) == 1


def test_a_period_that_was_lengthened_after_the_backup_is_not_cut_short(fresh: Fresh) -> None:
    """The last word counts: a registration that was ended by mistake and stands again."""
    stand = fresh()
    stand.ops("backup")
    with psycopg.connect(stand.cluster.url("tweeluik_owner", stand.main), autocommit=True) as owner:
        for end in ("2026-01-01", None):
            owner.execute("UPDATE people_registration SET ends_on = %s", [end])
    stand.ops("endings")
    stand.ops("restore", "--as", "verlengd", "--keys-as", "verlengd_keys")
    assert (
        stand.ask("SELECT count(*) FROM people_registration WHERE ends_on IS NULL", database="verlengd") > 0
    )
    assert (
        stand.ask("SELECT count(*) FROM people_registration WHERE ends_on IS NOT NULL", database="verlengd")
        == 0
    )


def test_every_column_that_says_an_end_is_on_the_list_or_here_with_its_reason(drilled: Drilled) -> None:
    with drilled.stand.above(drilled.stand.main) as server:
        says = server.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attnum > 0 "
            "AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ '_historical' "
            "AND a.attname ~ %s AND format_type(a.atttypid, a.atttypmod) ~ '^(date|timestamp|boolean)'",
            [SAYS_AN_END],
        ).fetchall()
        listed = {(table, column) for table, _, columns in endings.tracked(server) for column in columns}
    assert len(listed) > 10
    assert {place for place in says if place not in listed} - set(NOT_ON_THE_LIST) == set()


# --- keys leave every backup ----------------------------------------------------------------------------------


def test_old_backups_go_and_the_youngest_stays_however_old(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    names = [f"keys-{now - timedelta(days=days):%Y%m%dT%H%M%SZ}" for days in (30, 9, 6, 0)]
    for name in names:
        (tmp_path / f"{name}.dump").touch()
        (tmp_path / f"{name}.json").touch()
    assert dumping.rotate(tmp_path, 7) == names[:2]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{name}.{kind}" for name in names[2:] for kind in ("dump", "json")
    )
    for name in names[2:]:
        (tmp_path / f"{name}.json").unlink()
    old = tmp_path / "keys-20200101T000000Z.json"
    old.touch()
    assert dumping.rotate(tmp_path, 7) == []
    assert old.exists()


def test_a_backup_that_is_too_old_fails_the_check(fresh: Fresh) -> None:
    stand = fresh()
    stand.ops("backup")
    assert "loopt tot" in stand.ops("check")
    assert "te oud" in refused(stand, "check", "--hours", "0")


# --- encryption -----------------------------------------------------------------------------------------------


def test_without_age_nothing_is_written_in_clear(fresh: Fresh, tmp_path: Path) -> None:
    stand = fresh()
    stand.more["PATH"] = str(tmp_path)
    assert "apt-get install -y age" in refused(stand, "backup", "--recipient", "age1qqqq")
    assert list(stand.folder_of("main").glob("main-*")) == []


@pytest.mark.skipif(not shutil.which("age"), reason="age ontbreekt: apt-get install age")
def test_a_backup_for_a_recipient_opens_with_his_key_and_with_no_other(fresh: Fresh, tmp_path: Path) -> None:
    import subprocess

    stand, recipients = fresh(), []
    for name in ("een", "ander"):
        made = subprocess.run(
            ["age-keygen", "-o", tmp_path / name], capture_output=True, text=True, check=True, env=os.environ
        )
        recipients.append(made.stderr.split()[-1])
    stand.ops("backup", "--recipient", recipients[0])
    (dump,) = stand.folder_of("main").glob("*.dump.age")
    assert dump.read_bytes().startswith(b"age-encryption.org")
    assert "versleuteld" in refused(stand, "restore", "--keys-as", "open_0")
    for n, (name, fails) in enumerate((("ander", True), ("een", False)), start=1):
        told = stand.ops(
            *(
                "restore",
                "--as",
                f"open_{n}_main",
                "--keys-as",
                f"open_{n}",
                "--identity",
                str(tmp_path / name),
            ),
            fails=fails,
        )
        assert ("elk aantal klopt" in told) != fails
