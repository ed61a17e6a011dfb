-- Checkpoints over the access log. Only the second login may call these, but for the last.

-- What is to be sealed now: rows whose transaction was finished when we looked, by the numbers of transactions and not by
-- those of rows: a row with a low number may be committed after one with a high number, and would be missed for ever.
-- The caller signs and calls access_seal in the same transaction; the lock makes sealers take turns, without waiting.
CREATE OR REPLACE FUNCTION access_next_checkpoint(most int, silence interval)
RETURNS TABLE (number bigint, at timestamptz, xid bigint, mark bigint, ids bigint[], times timestamptz[], leaves bytea[])
{volatile_plpgsql} ROWS 1 AS $f$
DECLARE
  former access_checkpoint;
  horizon xid8;
  beyond xid8;
  since xid8 := '0';
  back boolean := false;  -- the numbers began anew: the database was restored into another server
  top xid8;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('access_checkpoint', 0)) THEN RETURN; END IF;
  SELECT c.* INTO former FROM access_checkpoint c ORDER BY c.number DESC LIMIT 1;
  xid := pg_current_xact_id()::text::bigint;
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  beyond := pg_snapshot_xmax(pg_current_snapshot());
  IF former.number IS NOT NULL THEN
    back := former.mark::text::xid8 > beyond;
    IF NOT back THEN since := least(former.mark::text::xid8, horizon); END IF;
  END IF;
  SELECT array_agg(f.id ORDER BY f.xid, f.id), array_agg(f.at ORDER BY f.xid, f.id), array_agg(f.leaf ORDER BY f.xid, f.id),
    max(f.xid)
  INTO ids, times, leaves, top FROM (
    SELECT free.id, free.at, free.xid, free.leaf FROM (
      SELECT l.id, l.at, l.xid, l.leaf FROM access_log l WHERE l.xid >= since AND l.xid < horizon
      UNION ALL SELECT l.id, l.at, l.xid, l.leaf FROM access_log l WHERE back AND l.xid >= beyond) free
    -- OFFSET 0: asked row by row, or the planner reads all that was ever sealed to answer for a few hundred.
    WHERE NOT EXISTS (SELECT 1 FROM access_sealed s WHERE s.row_id = free.id OFFSET 0)
    ORDER BY free.xid, free.id LIMIT most) f;
  IF ids IS NULL AND former.at > transaction_timestamp() - silence THEN RETURN; END IF;
  ids := coalesce(ids, '{{}}'); times := coalesce(times, '{{}}'); leaves := coalesce(leaves, '{{}}');
  number := coalesce(former.number, 0) + 1;
  at := transaction_timestamp();
  mark := CASE WHEN cardinality(ids) < most THEN horizon ELSE top END::text::bigint;
  RETURN NEXT;
END $f$;

CREATE OR REPLACE FUNCTION access_seal(c access_checkpoint, ids bigint[], times timestamptz[], leaves bytea[])
RETURNS void {volatile_plpgsql} AS $f$
BEGIN
  IF c.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint
     OR c.number <> coalesce((SELECT max(k.number) FROM access_checkpoint k), 0) + 1 THEN
    RAISE EXCEPTION 'seal what access_next_checkpoint gave in this transaction' USING ERRCODE = '22023';
  END IF;
  INSERT INTO access_checkpoint SELECT (c).*;
  INSERT INTO access_sealed (row_id, at, checkpoint_id, place, leaf)
  SELECT r.id, r.at, c.number, r.place - 1, r.leaf
  FROM unnest(ids, times, leaves) WITH ORDINALITY r(id, at, leaf, place);
END $f$;

CREATE OR REPLACE FUNCTION access_checkpoints(after bigint, most int) RETURNS SETOF access_checkpoint
{definer} AS $f$
  SELECT * FROM access_checkpoint c WHERE c.number > after ORDER BY c.number LIMIT most
$f$;

CREATE OR REPLACE FUNCTION access_last_checkpoint() RETURNS SETOF access_checkpoint {definer} AS $f$
  SELECT * FROM access_checkpoint c ORDER BY c.number DESC LIMIT 1
$f$;

CREATE OR REPLACE FUNCTION access_anchored(number bigint, way text) RETURNS void {volatile_plpgsql} AS $f$
BEGIN
  INSERT INTO access_anchoring (checkpoint_id, way, at) VALUES (number, way, clock_timestamp());
END $f$;

CREATE OR REPLACE FUNCTION access_last_anchoring(way text) RETURNS TABLE (number bigint, at timestamptz) {definer} ROWS 1 AS $f$
  SELECT a.checkpoint_id, a.at FROM access_anchoring a WHERE a.way = access_last_anchoring.way ORDER BY a.at DESC LIMIT 1
$f$;

-- Sealed rows with what stands in the log today: whether each is still there, and still says what it said. The bounds are
-- what their checkpoints say of themselves; with them, and planned with values, the log is read once in all and not per call.
CREATE OR REPLACE FUNCTION access_sealed_rows(first_one bigint, last_one bigint, low bigint, high bigint, since timestamptz,
  until timestamptz)
RETURNS TABLE (checkpoint bigint, place int, row_id bigint, at timestamptz, leaf bytea, xid bigint, there boolean, same boolean)
{definer_plpgsql} ROWS 20000 AS $f$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT s.checkpoint_id, s.place, s.row_id, s.at, s.leaf, l.xid::text::bigint, l.id IS NOT NULL,
      CASE WHEN l.id IS NOT NULL THEN l.leaf = s.leaf AND access_leaf(l) = s.leaf ELSE false END
    FROM access_sealed s LEFT JOIN access_log l ON l.id = s.row_id AND l.at = s.at AND l.id BETWEEN $3 AND $4
      AND l.at BETWEEN $5 AND $6
    WHERE s.checkpoint_id BETWEEN $1 AND $2 ORDER BY s.checkpoint_id, s.place $q$
  USING first_one, last_one, low, high, since, until;
END $f$;

-- Rows that no checkpoint names: those of the last minute, as they should; and those that came in afterwards, for their
-- transaction had been sealed, or their number is another row's. One statement, so one moment.
CREATE OR REPLACE FUNCTION access_unsealed()
RETURNS TABLE (rows bigint, wrong_id bigint, wrong_at timestamptz, late_id bigint, late_at timestamptz) {definer} ROWS 1 AS $f$
  WITH last_one AS (
    SELECT coalesce((SELECT c.mark FROM access_checkpoint c ORDER BY c.number DESC LIMIT 1), 0)::text::xid8 AS mark
  ), free AS (
    SELECT l.id, l.at, l.leaf IS DISTINCT FROM access_leaf(l) AS wrong,
      l.xid < k.mark AND k.mark <= pg_snapshot_xmax(pg_current_snapshot())
        OR EXISTS (SELECT 1 FROM access_sealed s WHERE s.row_id = l.id) AS late
    FROM access_log l CROSS JOIN last_one k
    WHERE NOT EXISTS (SELECT 1 FROM access_sealed s WHERE s.row_id = l.id AND s.at = l.at)
  ), bad AS (SELECT f.id, f.at FROM free f WHERE f.wrong ORDER BY f.at, f.id LIMIT 1),
  late AS (SELECT f.id, f.at FROM free f WHERE f.late ORDER BY f.at, f.id LIMIT 1)
  SELECT (SELECT count(*) FROM free), (SELECT id FROM bad), (SELECT at FROM bad), (SELECT id FROM late), (SELECT at FROM late)
$f$;

-- Since when the log is provable, for whoever reviews it. Nothing else: a checkpoint goes over all practices.
CREATE OR REPLACE FUNCTION access_log_state() RETURNS TABLE (sealed timestamptz, anchored timestamptz)
{definer_plpgsql} ROWS 1 AS $f$
BEGIN
  IF access_office('logcontrole', 'read') IS DISTINCT FROM 'all' THEN RETURN; END IF;
  RETURN QUERY SELECT (SELECT c.at FROM access_checkpoint c ORDER BY c.number DESC LIMIT 1),
    (SELECT max(a.at) FROM access_anchoring a);
END $f$;
