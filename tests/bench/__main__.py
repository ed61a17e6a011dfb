"""`./run bench [--dossiers N] [--quick] [--write]`: measure what was promised about speed; exit 1 when it breaks."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path

import django
import psycopg

from . import databases

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "BENCHMARK.md"
FEWEST = 10_000  # below it a list of fifty is most of what there is

HEAD = """\
# Speed, measured

Written by `./run bench --write`; do not edit. Milliseconds are processor time, of the client and the server together,
unless a column says wall: on a shared computer the wall mostly tells how busy the neighbours were. They belong to the
computer they were measured on and compare only inside one table; ratios and buffers hold elsewhere too. `./run bench`
fails when a limit breaks.

"""


def main() -> int:
    options = read_options()
    databases.configure()
    from . import checks, finding, histories, lists, practice, reading, revoking, starting

    few = options.quick
    plan = (
        (lists, 15 if few else 60),
        (checks, 25 if few else 100),
        (reading, 15 if few else 60),
        (finding, 5 if few else 20),
        (revoking, 50 if few else 200),
        (histories, 4 if few else 12),
        (starting, 2 if few else 5),
    )
    databases.make()
    try:
        began = time.monotonic()
        measured = practice.Practice(options.dossiers or (FEWEST if few else 100_000))
        text = HEAD + _method(measured.total, time.monotonic() - began, practice.__doc__ or "")
        print(text, flush=True)
        sections = []
        for module, rounds in plan:
            sections.append(module.measure(measured, rounds))
            print(sections[-1].text(), flush=True)
        measured.server.close()
    finally:
        if not options.keep:
            databases.drop()
    if options.write:
        DOCUMENT.write_text("\n".join([text, *(section.text() for section in sections)]))
    return 0 if all(section.holds for section in sections) else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "--dossiers", type=int, help=f"how many, at least {FEWEST:,} (100,000; --quick: {FEWEST:,})"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer dossiers and fewer rounds: does it work at all"
    )
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.parent.name}/{DOCUMENT.name}")
    parser.add_argument("--keep", action="store_true", help="leave the databases, to look into a figure")
    options = parser.parse_args()
    if options.dossiers is not None and options.dossiers < FEWEST:
        parser.error(f"at least {FEWEST:,} dossiers")
    return options


def _method(dossiers: int, seconds: float, loading: str) -> str:
    from .report import table

    loading = loading.strip().partition("\n\n")[2].replace("\n", " ")
    rows = [(name, value) for name, value in databases.settings_of_cluster().items()]
    rows += [
        ("Python", sys.version.split()[0]),
        ("Django", django.__version__),
        ("psycopg", psycopg.__version__),
    ]
    rows += [("processors", str(os.cpu_count())), ("the database after loading", databases.size())]
    rows += [("load of the computer while measuring began", f"{os.getloadavg()[0]:.1f}")]
    return (
        f"Measured on {date.today():%-d %B %Y}, over {dossiers:,} dossiers, on a cluster as `./run` makes it. "
        "Everything runs as the login that serves pages, under its hat, each sample in a transaction of its own. What "
        "is compared takes turns within each round; the figures are medians.\n\n"
        f"**Loading** ({seconds:.0f} s). {loading}\n\n{table(('setting', 'value'), rows)}"
    )


if __name__ == "__main__":
    sys.exit(main())
