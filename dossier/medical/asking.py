"""The signature of a supervised physician asks his supervisor to look: by the database, whichever way it was signed."""

from __future__ import annotations

from directory.access.walls import RowTrigger

TABLE = "medical_review"


class AsksReview(RowTrigger):
    """The signature of a supervised physician asks his supervisor to look."""

    before = "INSERT OR UPDATE"

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)

    def body(self) -> str:
        return """
          IF NEW.state = 'signed' AND NEW.role = 'arts_onder_supervisie' AND NEW.on_behalf_of_id IS NOT NULL
            AND (TG_OP = 'INSERT' OR OLD.state = 'concept') THEN
            INSERT INTO medical_review (id, practice_id, dossier_id, record_id, physician_id, author_id, signed_at)
            VALUES (gen_random_uuid(), NEW.practice_id, NEW.dossier_id, NEW.id, NEW.author_id, NEW.on_behalf_of_id,
              NEW.signed_at);
          END IF;"""
