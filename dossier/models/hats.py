"""Two hats: who works for one employee on both sides, as far as I am the bedrijfsarts who must decide about it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from directory.access.compile import DEFINERS
from dossier.guards import EMPLOYER_SIDE

# Who wears two hats in one practice are few; from them one comes to the employees, and not the other way. `decided` is
# empty while nobody decided. Names are of headings only, with one log row that names the dossiers.
TWO_HATS = f"""
CREATE OR REPLACE FUNCTION access_two_hats(n int) RETURNS TABLE (d uuid, who bigint, hat uuid, decided boolean)
{DEFINERS["volatile_plpgsql"]} ROWS 10 AS $f$
DECLARE c access_acting := access_acting(); at timestamptz := statement_timestamp(); ids uuid[] := '{{}}'; found record;
BEGIN
  IF c.role <> 'bedrijfsarts' THEN RETURN; END IF;
  FOR found IN
    SELECT DISTINCT ON (x.id, e.user_id) x.id, e.user_id, e.id AS engagement,
      (SELECT z.separable FROM delegation_separationdecision z WHERE z.user_id = e.user_id AND z.person_id = x.person_id
        AND z.starts_at <= at AND (z.ends_at IS NULL OR z.ends_at > at)) AS separable
    FROM people_engagement e
    JOIN access_ground eg ON eg.holder_id = e.id AND eg.starts_at <= at AND (eg.ends_at IS NULL OR eg.ends_at > at)
    JOIN dossier_dossiergrant g ON g.ground_id = eg.id AND g.role IN ({EMPLOYER_SIDE})
    JOIN dossier_dossier y ON y.id = g.content_object_id
    JOIN dossier_dossier x ON x.person_id = y.person_id
    WHERE e.practice_id = c.practice_id AND e.side = 'employer'
      AND EXISTS (SELECT 1 FROM people_engagement o WHERE o.user_id = e.user_id AND o.practice_id = e.practice_id
        AND o.side <> 'employer')
      AND EXISTS (SELECT 1 FROM dossier_dossiergrant h JOIN access_ground hg ON hg.id = h.ground_id
        WHERE h.content_object_id = x.id AND h.user_id = e.user_id AND h.role NOT IN ({EMPLOYER_SIDE})
          AND hg.starts_at <= at AND (hg.ends_at IS NULL OR hg.ends_at > at))
      AND EXISTS (SELECT 1 FROM dossier_dossiergrant b JOIN access_ground bg ON bg.id = b.ground_id
        WHERE b.content_object_id = x.id AND b.role = 'bedrijfsarts' AND b.user_id = c.user_id
          AND bg.holder_id = c.engagement_id AND bg.starts_at <= at AND (bg.ends_at IS NULL OR bg.ends_at > at))
    ORDER BY x.id, e.user_id, eg.starts_at LIMIT n
  LOOP
    d := found.id; who := found.user_id; hat := found.engagement; decided := found.separable; ids := ids || found.id;
    RETURN NEXT;
  END LOOP;
  IF ids <> '{{}}' THEN
    PERFORM access_write_log(c, 'list', 'ok', NULL, c.role, NULL, NULL, NULL, 'list', ARRAY['team.find'], ids, NULL,
      NULL);
  END IF;
END $f$
"""


def ask(n: int) -> list[tuple[UUID, int, UUID, bool | None]]:
    """Ask who wears two hats on my dossiers: dossier, person, the hat of the employer's side, and what was decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_two_hats(%s)", [n])
        return list(cursor.fetchall())
