"""The drill itself: back up, let things end, lose the server, bring it back, and hold it to what was true.

Twice: from the dumps of last night with the list of endings beside them, and from the server's own WAL to a moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from config import devdb
from config.ops.dumping import count

from .stand import Stand

LATER = "Geschreven na de back-up."


@dataclass
class Drill:
    """What was done, how long it took, and how much it was."""

    stand: Stand
    figures: list[tuple[str, str]] = field(default_factory=list)

    @contextmanager
    def timed(self, what: str) -> Iterator[list[str]]:
        began, said = time.monotonic(), []
        yield said
        self.figures.append(
            (what, f"{time.monotonic() - began:.1f} s{''.join(f', {each}' for each in said)}")
        )


@dataclass
class Truth:
    """What must be so after any restore, whatever the backup remembers."""

    kept: str  # a note that is still there
    destroyed: str  # a note whose key was destroyed after the backup
    later: str  # a note that was written after the backup


def settings(archive: Path) -> dict[str, str]:
    """What PostgreSQL needs to be brought back to a moment: docs/OPERATIONS.md names the same."""
    return {
        "archive_mode": "on",
        # Refuses to overwrite, as the manual of PostgreSQL asks; the copy is there whole or not at all.
        "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/.%f.part && mv {archive}/.%f.part {archive}/%f",
        "archive_timeout": "60",
    }


def before(drill: Drill) -> tuple[str, str]:
    """A practice at work, and the backups of last night; returns two notes."""
    stand = drill.stand
    with drill.timed("een praktijk maken") as said:
        stand.build()
        kept, destroyed = stand.does("write", "bedrijfsarts", "Blijft.", "Wordt vernietigd.")
        stand.does("write", "gedelegeerde", "Van de gedelegeerde.")
        said.append(f"{rows(stand)} regels")
    with drill.timed("back-up: dossiers, sleutels, lijst") as said:
        stand.ops("backup")
        said.append(f"{size(stand.folder / 'backup-main')} en {size(stand.folder / 'backup-keys')} bytes")
    return kept, destroyed


def let_end(stand: Stand, truth: Truth) -> None:
    """What ends after the backup: a record, a contract, somebody's work, a password; and the list is told."""
    stand.does("let_end", truth.destroyed)
    stand.ops("endings")


def from_dumps(drill: Drill, truth: Truth) -> Stand:
    """Bring both databases back beside the lost ones; returns the server as it would serve."""
    with drill.timed("terugzetten uit de dumps, tellen, naspelen") as said:
        told = drill.stand.ops("restore", "--as", "terug", "--keys-as", "terug_sleutels")
        back = drill.stand.on(main="terug", store="terug_sleutels")
        said.append(f"{rows(back)} regels")
    assert "1 opnieuw vernietigd" in told, told
    assert "Opnieuw beëindigd: access_ground: 1" in told, told
    with drill.timed("nagaan wat waar is"):
        holds(back, truth)
        assert truth.later not in back.does("reads", "bedrijfsarts"), "it was in no dump: only the WAL has it"
    return back


def holds(stand: Stand, truth: Truth) -> None:
    """The destroyed record stays destroyed, the ended right stays ended, and the rest is there."""
    state = stand.does("state")
    assert state["reads"][truth.kept] == "Blijft.", state
    assert state["reads"][truth.destroyed] is None, "a destroyed record came back"
    assert state["gedelegeerde"] == 0, "an ended contract came back"
    assert state["secretariaat"] == -1, "a suspension was forgotten"
    assert not state["old_password"], "an old password opens the account again"
    assert state["own_password"]
    assert stand.does("write", "bedrijfsarts", "En er wordt weer gewerkt.")


@contextmanager
def base_backup(drill: Drill) -> Iterator[devdb.Cluster]:
    """Copy the running server, for a recovery to a moment; returns the copy, which is not started."""
    cluster = drill.stand.cluster
    copy = devdb.Cluster(cluster.binaries, cluster.home / "copy", cluster.home / "copy", cluster.user)
    with drill.timed("kopie van de draaiende server (pg_basebackup)") as said:
        done = cluster.call(
            "pg_basebackup",
            "-D",
            copy.data,
            "-d",
            cluster.superuser,
            "--checkpoint=fast",
            "--wal-method=none",
        )
        assert done.returncode == 0, done.stderr
        said.append(f"{size(copy.data)} bytes")
    try:
        yield copy
    finally:
        copy.call("pg_ctl", "stop", "-D", copy.data, "-m", "immediate", "-w")


def to_a_moment(drill: Drill, copy: devdb.Cluster, moment: datetime, archive: Path, truth: Truth) -> Stand:
    """Bring the copy forward to a moment with the archived WAL, end again what ended, and look."""
    with drill.timed("terugzetten tot een moment uit het WAL, naspelen"):
        (copy.data / "recovery.signal").touch()
        options = devdb.OPTIONS | {
            "unix_socket_directories": str(copy.socket),
            "restore_command": f"cp {archive}/%f %p",
            "recovery_target_time": moment.isoformat(),
            "recovery_target_action": "promote",
            "archive_mode": "off",
        }
        given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        started = copy.call("pg_ctl", "start", "-D", copy.data, "-w", "-t", 120, "-l", copy.log, "-o", given)
        assert started.returncode == 0, started.stderr + copy.log.read_text()
        back = drill.stand.on(cluster=copy)
        await_promotion(back)
        told = back.ops("replay", "--since", moment.isoformat())
        assert "Opnieuw beëindigd: access_ground: 1" in told, told
        assert "Opnieuw beëindigd: key: 1" in told, told
    read = back.does("reads", "bedrijfsarts")
    assert read[truth.later] == LATER, "what was written after the dump is in the WAL"
    holds(back, truth)
    return back


def await_promotion(stand: Stand) -> None:
    for _ in range(240):
        if not stand.ask("SELECT pg_is_in_recovery()", database="postgres"):
            return
        time.sleep(0.5)
    raise AssertionError("the copy stays in recovery")


def mishap(stand: Stand) -> None:
    """Somebody above the walls empties a table."""
    with stand.above(stand.main) as server:
        server.execute("SET session_replication_role = replica")
        server.execute("DELETE FROM medical_part")


def now(stand: Stand) -> datetime:
    """A moment between two commits: one that stands, and one that is not wanted."""
    with stand.above("postgres") as server:
        return server.execute("SELECT clock_timestamp()").fetchone()[0]


def await_archive(stand: Stand) -> None:
    with stand.above("postgres") as server:
        wanted = server.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
        for _ in range(240):
            done = server.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()[0]
            if done and done >= wanted:
                return
            time.sleep(0.5)
    raise AssertionError("the archive does not keep up")


def rows(stand: Stand) -> int:
    total = 0
    for name in (stand.main, stand.store):
        with stand.above(name) as server:
            total += sum(count(server).values())
    return total


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def whole(stand: Stand, archive: Path) -> Drill:
    """All of it, in order; raises where something is not as it must be."""
    drill = Drill(stand)
    kept, destroyed = before(drill)
    with base_backup(drill) as copy:
        (later,) = stand.does("write", "bedrijfsarts", LATER)
        truth, moment = Truth(kept, destroyed, later), now(stand)
        with drill.timed("wat daarna eindigde, met de lijst"):
            let_end(stand, truth)
        mishap(stand)
        await_archive(stand)
        assert stand.does("reads", "bedrijfsarts")[kept] == "", "the mishap did not happen"
        from_dumps(drill, truth)
        to_a_moment(drill, copy, moment, archive, truth)
    return drill
