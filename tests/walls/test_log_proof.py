"""Whoever is master of the database can change the log; what he cannot do is hide it from a root that stands outside.

The six tamperings, each on a log that was proven right the moment before. Done by a superuser past every trigger, in a
transaction that is rolled back; the verifier looks from inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from directory.access.proof import sealing, tree
from directory.access.proof.sealing import COLUMNS, SigningKey
from directory.access.proof.statement import BEFORE_THE_FIRST, Root, Statement, Unreadable
from directory.access.proof.verifying import Verdict
from tests.walls import looking, proving
from tests.walls.proving import KEY, Cursor, past_the_triggers, roots, verdict
from tests.world import Case, World

SECTIONS = ("begeleiding.read", "pmo.read", "keuring.read")
FORGER = SigningKey(bytes(reversed(range(32))))


@pytest.fixture(scope="module")
def physician(world: World) -> Case:
    return looking.alone(world, "bedrijfsarts")


@dataclass
class Log:
    """A log with two checkpoints of known rows, and all its roots outside."""

    cursor: Cursor
    early: list[dict[str, Any]]
    late: list[dict[str, Any]]
    outside: list[Root]
    newest: int  # the number of the checkpoint with the late rows

    def __post_init__(self) -> None:
        self.names = [name for name in self.early[0] if name != "leaf"]

    def run(self, sql: str, *values: Any) -> int:
        with past_the_triggers(self.cursor):
            return self.cursor.execute(sql, values).rowcount

    def rehash(self, row: dict[str, Any]) -> None:
        assert self.run("UPDATE access_log l SET leaf = access_leaf(l) WHERE l.id = %s", row["id"]) == 1

    def insert(self, row: dict[str, Any]) -> int:
        """Put a row in with the hash that belongs to it; returns its number."""
        columns = [name for name in self.names if name != "id"]
        with past_the_triggers(self.cursor):
            made = self.cursor.execute(
                f"INSERT INTO access_log ({', '.join(columns)}, leaf) VALUES ({', '.join(['%s'] * len(columns))}, '') "
                "RETURNING id",
                [str(row[name]) if name == "xid" else row[name] for name in columns],
            ).fetchone()
            assert made is not None
            self.cursor.execute(
                "UPDATE access_log l SET leaf = access_leaf(l) WHERE l.id = %s AND l.at = %s",
                [made[0], row["at"]],
            )
        return int(made[0])


@pytest.fixture
def log(physician: Case, superuser: psycopg.Connection) -> Iterator[Log]:
    early = looking.rows(superuser, request=looking.openings(physician, *SECTIONS))
    late = looking.rows(superuser, request=looking.openings(physician, *SECTIONS))
    proving.settled(superuser, late)
    with proving.undone(superuser) as cursor:
        counted = cursor.execute("SELECT rows FROM access_unsealed()").fetchone()
        assert counted is not None
        while counted[0] > len(late):  # all but the late ones, and then those
            made = sealing.seal_with(cursor, KEY, most=min(counted[0] - len(late), sealing.MOST))
            assert made is not None
            counted = (counted[0] - made.rows,)
        last = sealing.seal_with(cursor, KEY)
        assert last is not None
        assert set(proving.sealed_ids(cursor, [row["id"] for row in late]).values()) == {last.number}
        yield Log(cursor, early, late, roots(cursor), last.number)


def proven(log: Log) -> bool:
    found = verdict(log.cursor, log.outside)
    assert found.fault is None
    return found.proven


def test_a_log_that_nobody_touched_is_proven(log: Log) -> None:
    found = verdict(log.cursor, log.outside)
    assert found.fault is None
    assert found.proven
    assert found.checkpoints == log.newest == found.outside.number  # type: ignore[union-attr]
    assert found.rows == sum(root.statement.rows for root in log.outside) >= 6


# --- the six --------------------------------------------------------------------------------------------------


def test_an_edited_row_is_named(log: Log) -> None:
    assert proven(log)
    log.run("UPDATE access_log SET origin = '6.6.6.6' WHERE id = %s", log.early[1]["id"])
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("edited", log.early[1]["id"])


def test_an_edited_row_with_a_hash_that_fits_is_named(log: Log) -> None:
    assert proven(log)
    log.run("UPDATE access_log SET origin = '6.6.6.6' WHERE id = %s", log.early[1]["id"])
    log.rehash(log.early[1])
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("edited", log.early[1]["id"])


def test_an_edited_row_that_was_sealed_anew_gives_another_root(log: Log) -> None:
    """Also what was sealed of it is changed: then the tree is wrong, and its checkpoint is named."""
    row = log.early[1]
    number = proving.sealed_ids(log.cursor, [row["id"]])[row["id"]]
    assert proven(log)
    log.run("UPDATE access_log SET origin = '6.6.6.6' WHERE id = %s", row["id"])
    log.rehash(row)
    log.run(
        "UPDATE access_sealed s SET leaf = l.leaf FROM access_log l WHERE l.id = s.row_id AND l.id = %s",
        row["id"],
    )
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("tree", number)


@pytest.mark.parametrize("with_its_place", [False, True])
def test_a_deleted_row_is_missed(log: Log, with_its_place: bool) -> None:
    row = log.early[1]
    number = proving.sealed_ids(log.cursor, [row["id"]])[row["id"]]
    assert proven(log)
    log.run("DELETE FROM access_log WHERE id = %s", row["id"])
    if with_its_place:
        log.run("DELETE FROM access_sealed WHERE row_id = %s", row["id"])
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert fault.checkpoint == number
    assert (fault.code, fault.row) == (("tree", None) if with_its_place else ("gone", row["id"]))


def test_a_row_moved_to_another_moment_is_missed_where_it_was(log: Log) -> None:
    row = log.early[1]
    assert proven(log)
    log.run("UPDATE access_log SET at = at - interval '1 hour' WHERE id = %s", row["id"])
    log.rehash(row)
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("gone", row["id"])


def test_a_row_put_between_those_of_the_past_belongs_to_no_checkpoint(log: Log) -> None:
    """With the transaction of the rows it is put among, and a hash of its own that fits."""
    assert proven(log)
    made = log.insert(log.early[1] | {"origin": "6.6.6.6"})
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("added", made)


def test_a_row_dated_back_that_is_sealed_with_the_rows_of_today_is_named(log: Log) -> None:
    """Its transaction comes after a sealing, and so cannot have run an hour before it."""
    assert proven(log)
    former = roots(log.cursor)[-1].statement
    later = {"at": former.at + timedelta(seconds=1), "xid": former.xid + 1}
    assert sealed_by_hand(log, former, log.insert(log.late[1] | later)).fault is None
    former = roots(log.cursor)[-1].statement
    forged = log.insert(log.late[1] | {"at": former.at - timedelta(hours=1), "xid": former.xid + 1})
    fault = sealed_by_hand(log, former, forged).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("dated", forged)


def sealed_by_hand(log: Log, former: Statement, row: int) -> Verdict:
    """Seal one row as the next round would: a round of its own cannot see what its own transaction wrote."""
    now = former.at + timedelta(seconds=2)
    (moment,) = log.cursor.execute("SELECT at FROM access_log WHERE id = %s", [row]).fetchone() or (None,)
    statement = replace(
        former,
        number=former.number + 1,
        at=now,
        rows=1,
        first_id=row,
        last_id=row,
        first_at=moment,
        last_at=moment,
        root=tree.root([leaf_of(log, row)]),
        previous=former.digest(),
        xid=former.xid + 2,
        mark=former.mark,
    )
    write(log, statement, KEY.sign(statement))
    log.run(
        "INSERT INTO access_sealed (row_id, at, checkpoint_id, place, leaf) "
        "SELECT id, at, %s, 0, leaf FROM access_log WHERE id = %s",
        statement.number,
        row,
    )
    return verdict(log.cursor, log.outside)


def leaf_of(log: Log, row: int) -> bytes:
    found = log.cursor.execute("SELECT leaf FROM access_log WHERE id = %s", [row]).fetchone()
    assert found is not None
    return bytes(found[0])


def write(log: Log, statement: Statement, signature: bytes) -> None:
    """Write a checkpoint, in the place of the one of its number or as a new one."""
    values = [*(getattr(statement, name) for name in COLUMNS[:-1]), signature]
    names = ", ".join(COLUMNS)
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[1:])
    log.run(
        f"INSERT INTO access_checkpoint ({names}) VALUES ({', '.join(['%s'] * len(values))}) "
        f"ON CONFLICT (number) DO UPDATE SET {changes}",
        *values,
    )


def cut(log: Log) -> None:
    """Take away the newest checkpoint with all its rows: what is left fits together."""
    number = log.newest
    log.run(
        "DELETE FROM access_log l USING access_sealed s WHERE s.row_id = l.id AND s.checkpoint_id = %s",
        number,
    )
    log.run("DELETE FROM access_sealed WHERE checkpoint_id = %s", number)
    log.run("DELETE FROM access_checkpoint WHERE number = %s", number)


def test_a_tail_cut_off_with_its_checkpoints_is_missed_by_the_root_outside(log: Log) -> None:
    assert proven(log)
    cut(log)
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("cut", log.newest)


def test_from_inside_a_cut_tail_is_not_seen_and_so_nothing_is_called_proven(log: Log) -> None:
    """Why a verification without a root outside never ends well."""
    cut(log)
    found = verdict(log.cursor)
    assert found.fault is None
    assert not found.proven


def resign(log: Log, key: SigningKey) -> None:
    """Sign every checkpoint again with another key, each on the former."""
    previous = BEFORE_THE_FIRST
    for root in roots(log.cursor):
        made = replace(root.statement, key=key.id, previous=previous)
        write(log, made, key.sign(made))
        previous = made.digest()


def test_a_log_signed_again_with_another_key_is_not_ours(log: Log) -> None:
    assert proven(log)
    resign(log, FORGER)
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("key", 1)


def test_whoever_also_replaced_the_key_itself_is_found_by_the_roots_outside(log: Log) -> None:
    """Inside everything fits, the key included; the roots outside bear the signature of the true one."""
    resign(log, FORGER)
    assert verdict(log.cursor, (), FORGER).fault is None
    fault = verdict(log.cursor, log.outside, FORGER).fault
    assert fault is not None
    assert fault.code == "outside_signature"
    both = verdict(log.cursor, log.outside, FORGER, KEY).fault
    assert both is not None
    assert (both.code, both.checkpoint) == ("outside", log.outside[0].statement.number)


# --- what else can be wrong -----------------------------------------------------------------------------------


def test_one_byte_of_a_checkpoint_changed_is_a_signature_that_does_not_hold(log: Log) -> None:
    assert proven(log)
    log.run("UPDATE access_checkpoint SET rows = rows + 1 WHERE number = %s", log.newest)
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("signature", log.newest)


def test_a_row_edited_before_it_is_sealed_is_named_too(log: Log) -> None:
    made = log.insert(log.late[1] | {"xid": log.outside[-1].statement.xid + 1})
    assert proven(log)
    log.run("UPDATE access_log SET origin = '6.6.6.6' WHERE id = %s", made)
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("edited", made)


def test_a_second_row_under_a_number_that_was_sealed_is_added(log: Log) -> None:
    assert proven(log)
    row = log.late[1]
    names = ", ".join((*log.names, "leaf"))
    with past_the_triggers(log.cursor):
        log.cursor.execute(
            f"INSERT INTO access_log ({names}) OVERRIDING SYSTEM VALUE SELECT {names.replace(', at', ', now()')} "
            "FROM access_log WHERE id = %s",
            [row["id"]],
        )
        log.cursor.execute(
            "UPDATE access_log l SET leaf = access_leaf(l) WHERE id = %s AND at = now()", [row["id"]]
        )
    fault = verdict(log.cursor, log.outside).fault
    assert fault is not None
    assert (fault.code, fault.row) == ("added", row["id"])


def test_an_old_root_outside_proves_too_little_and_one_of_today_enough(log: Log) -> None:
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert verdict(log.cursor, log.outside, now=timezone.now() + timedelta(hours=23)).proven
    late = verdict(log.cursor, log.outside, now=tomorrow)
    assert (late.fault, late.proven) == (None, False)
    assert not verdict(log.cursor).proven


def test_two_roots_of_one_number_outside_are_two_logs(log: Log) -> None:
    other = replace(log.outside[-1].statement, rows=1)
    fault = verdict(log.cursor, [*log.outside, Root(other, KEY.sign(other), KEY.public)]).fault
    assert fault is not None
    assert fault.code == "fork"


def test_after_the_key_was_replaced_the_log_before_it_still_holds(log: Log) -> None:
    """As long as the public half of the former key is kept."""
    former = roots(log.cursor)[-1].statement
    made = replace(
        former, number=former.number + 1, rows=0, root=tree.EMPTY, key=FORGER.id, previous=former.digest()
    )
    write(log, made, FORGER.sign(made))
    assert verdict(log.cursor, log.outside, KEY, FORGER).proven
    fault = verdict(log.cursor, log.outside, KEY).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("key", made.number)


def test_a_checkpoint_taken_out_of_the_middle_is_missed(log: Log) -> None:
    assert proven(log)
    log.run("DELETE FROM access_sealed WHERE checkpoint_id = %s", log.newest - 1)
    log.run("DELETE FROM access_checkpoint WHERE number = %s", log.newest - 1)
    fault = verdict(log.cursor).fault
    assert fault is not None
    assert (fault.code, fault.checkpoint) == ("gap", log.newest - 1)


def test_a_root_goes_outside_and_comes_back_the_same() -> None:
    at = timezone.now()
    statement = Statement(7, at, 2, 3, 4, at, at, 90, 91, bytes(32), BEFORE_THE_FIRST, KEY.id)
    root = Root(statement, KEY.sign(statement), KEY.public)
    assert Root.read(root.line()) == root
    assert "\n" not in root.line()
    for torn in (
        root.line()[:-9],
        "{}",
        "[]",
        "null",
        '{"checkpoint": 1}',
        root.line().replace('"mark"', '"merk"'),
    ):
        with pytest.raises(Unreadable):
            Root.read(torn)


# --- the tree itself ------------------------------------------------------------------------------------------

# The inputs and roots with which certificate transparency tests its own trees.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(9))
def test_the_tree_is_the_one_of_rfc_6962(size: int) -> None:
    assert tree.root([bytes.fromhex(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]
