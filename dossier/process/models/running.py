"""Which sickness case runs in a dossier, as SQL; and the rule that there is one, and one to report recovery of.

A case runs from its signature until its recovery is signed, in its own columns or in its course. Only the last signed
version of either counts.
"""

from __future__ import annotations

from typing import ClassVar

from directory.access.walls import RowTrigger


def last(header: str) -> str:
    """Write that a header is the last signed version of its series."""
    return (
        f"{header}.state = 'signed' AND NOT EXISTS (SELECT 1 FROM process_record z "
        f"WHERE z.dossier_id = {header}.dossier_id AND z.series = {header}.series "
        f"AND z.version > {header}.version AND z.state = 'signed')"
    )


def runs(dossier: str, cases: str = "process_verzuimgeval", course: str = "process_verzuimverloop") -> str:
    """Write the rows of the cases that run in a dossier; `cases` and `course` may be those a reader sees."""
    return (
        f"{cases} c JOIN process_record h ON h.id = c.record_id "
        f"WHERE c.dossier_id = {dossier} AND c.recovered_on IS NULL AND {last('h')} "
        f"AND NOT EXISTS (SELECT 1 FROM {course} v JOIN process_record r ON r.id = v.record_id "
        f"WHERE v.dossier_id = c.dossier_id AND v.case_series = h.series AND v.absence_percentage = 0 "
        f"AND {last('r')})"
    )


class RunsOnce(RowTrigger):
    """One ziekmelding runs at a time, and a recovery ends the one that runs: asked when either is signed.

    Two who sign at once wait for each other, so the second is told.
    """

    before: ClassVar[str] = "INSERT OR UPDATE"

    def body(self) -> str:
        own = "process_verzuimverloop o WHERE o.record_id = NEW.id"
        case = "SELECT 1 FROM process_verzuimgeval n WHERE n.record_id = NEW.id AND n.recovered_on IS NULL"
        another = f"SELECT 1 FROM {runs('NEW.dossier_id')} AND h.series <> NEW.series"
        stands = f"""SELECT 1 FROM process_verzuimgeval c JOIN process_record h ON h.id = c.record_id
            JOIN process_verzuimverloop o ON o.case_series = h.series AND o.record_id = NEW.id
            WHERE c.dossier_id = NEW.dossier_id AND c.recovered_on IS NULL AND {last("h")}"""
        ended = f"""SELECT 1 FROM process_verzuimverloop v JOIN process_record r ON r.id = v.record_id
            JOIN process_verzuimverloop o ON o.case_series = v.case_series AND o.record_id = NEW.id
            WHERE v.dossier_id = NEW.dossier_id AND v.absence_percentage = 0 AND r.series <> NEW.series
            AND {last("r")}"""
        reopens = f"""SELECT 1 FROM {own} AND (o.absence_percentage > 0 OR NEW.state = 'moved')
            AND EXISTS ({stands}) AND EXISTS (SELECT 1 FROM {runs("NEW.dossier_id")} AND h.series <> o.case_series)"""
        changes = "(TG_OP = 'INSERT' OR OLD.state <> NEW.state) AND NEW.state <> 'concept'"
        return f"""
            IF {changes} AND NEW.kind IN ('verzuimgeval', 'verzuimverloop') THEN
              PERFORM pg_advisory_xact_lock(hashtextextended(NEW.dossier_id::text, 33));
              IF NEW.kind = 'verzuimgeval' AND NEW.state = 'signed' AND EXISTS ({case}) AND EXISTS ({another})
                OR NEW.kind = 'verzuimverloop' AND EXISTS ({reopens})
                THEN {self.refusal("case_runs")}; END IF;
              IF NEW.kind = 'verzuimverloop' AND NEW.state = 'signed' THEN
                IF NOT EXISTS ({stands}) OR EXISTS ({ended}) THEN {self.refusal("no_case_runs")}; END IF;
                IF NOT EXISTS ({stands} AND o.from_day >= c.first_sick_day)
                  THEN {self.refusal("before_case")}; END IF;
              END IF;
            END IF;"""

    def refusal(self, code: str) -> str:
        """Name the rule that refuses by its code: the page finds its words by the name of the constraint."""
        return f"RAISE EXCEPTION '{code}' USING ERRCODE = '23514', CONSTRAINT = 'process_record_{code}'"
