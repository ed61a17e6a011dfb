"""Who does not know yet that somebody stands in: asked of a deputy's own dossiers, before any of them opens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from directory.access.compile import DEFINERS
from dossier.guards import DEPUTY_TOLD, PHYSICIAN, REPLACED_ON_DOSSIER

# Headings only, with one log row that names them: name and telephone number, to tell them who stands in. Whoever is no
# deputy gets nothing, and a suspended deputising asks nobody to be called. `one` asks about one dossier and lists none.
UNTOLD = f"""
CREATE OR REPLACE FUNCTION access_untold(n int, before timestamptz, one uuid DEFAULT NULL)
RETURNS TABLE (d uuid, replaced bigint, sort_at timestamptz) {DEFINERS["volatile_plpgsql"]} ROWS 50 AS $f$
DECLARE
  c access_acting := access_acting();
  at timestamptz := statement_timestamp();
  ids uuid[] := '{{}}';
  found record;
BEGIN
  FOR found IN
    SELECT y.id, y.physician, y.moment FROM (
      SELECT DISTINCT ON (x.id) x.id, {PHYSICIAN}::bigint AS physician, g.sort_at AS moment
      FROM access_ground gr JOIN dossier_dossiergrant g ON g.ground_id = gr.id
      JOIN dossier_dossier x ON x.id = g.content_object_id
      WHERE gr.holder_id = c.engagement_id AND gr.kind = 'deputising' AND c.role = 'bedrijfsarts'
        AND gr.starts_at <= at AND (gr.ends_at IS NULL OR gr.ends_at > at)
        AND (one IS NULL OR x.id = one) AND g.sort_at < access_untold.before
        AND NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = gr.id AND s.starts_at <= at
          AND (s.ends_at IS NULL OR s.ends_at > at))
        AND ({REPLACED_ON_DOSSIER.sql}) AND NOT ({DEPUTY_TOLD.sql})
      ORDER BY x.id, gr.starts_at, gr.id) y
    ORDER BY y.moment DESC, y.id LIMIT n
  LOOP
    d := found.id; replaced := found.physician; sort_at := found.moment; ids := ids || found.id;
    RETURN NEXT;
  END LOOP;
  IF one IS NULL AND ids <> '{{}}' THEN
    PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, 'list', ARRAY['team.find'], ids, NULL,
      NULL);
  END IF;
END $f$
"""


def ask(n: int, before: datetime, one: UUID | None = None) -> list[tuple[UUID, int, datetime]]:
    """Ask whose employee must still be told: dossier, for whom the asker stands in, place in the list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_untold(%s, %s, %s)", [n, before, one])
        return list(cursor.fetchall())
