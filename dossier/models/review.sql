-- Log review and the overview for the employee. Nothing here reads what a record says: who looked, when, on which ground,
-- and whether something happened around it. What is shown of the log is logged by the function that shows it.

-- A name as it sounds: lower case, no accents, no dots; so that what was typed twice compares equal.
CREATE OR REPLACE FUNCTION review_plain(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT btrim(regexp_replace(regexp_replace(translate(lower(normalize(name, NFKD)), 'ıøłđ', 'iold'),
    '[\u0300-\u036f''’`]', '', 'g'), '[^[:alnum:]-]+', ' ', 'g'))
$f$;

-- The surnames in a name, a double one taken apart; what stands before the surname does not count.
CREATE OR REPLACE FUNCTION review_surnames(surname text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT array_agg(y.part) FILTER (WHERE y.part <> '') FROM (
    SELECT regexp_replace(btrim(x.part), '^((van|von|de|den|der|het|t|ten|ter|te|op|in|la|le|du|el|al|aan|bij|uit) )+', '') AS part
    FROM regexp_split_to_table(review_plain(surname), '-') x(part)) y
$f$;

CREATE OR REPLACE FUNCTION review_number(p uuid, code text) RETURNS int {definer} AS $f$
  SELECT coalesce((SELECT s.value FROM dossier_reviewsetting s WHERE s.practice_id = p AND s.code = review_number.code),
    CASE code {defaults} END)
$f$;

-- Does a row single out a voluntary part? Whoever opens a whole dossier asks for every part; that says nothing.
CREATE OR REPLACE FUNCTION review_singled_out(asks text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT coalesce(bool_and(split_part(a, '.', 1) = ANY ({voluntary})), false) FROM unnest(asks) a
  WHERE split_part(a, '.', 1) = ANY ({medical})
$f$;

-- A ground that is there for voluntary parts only: that it exists is the medical fact.
CREATE OR REPLACE FUNCTION review_voluntary(kind text, purposes text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT kind IN ('self_referral', 'second_opinion') OR (cardinality(purposes) > 0 AND purposes <@ {voluntary})
$f$;

-- Does this person work on this dossier for voluntary parts, and for nothing else? Then no line of his is named outside.
CREATE OR REPLACE FUNCTION review_only_voluntary(u bigint, d uuid) RETURNS boolean {definer} AS $f$
  SELECT coalesce(bool_and(review_voluntary(gr.kind, gr.purposes)), false)
  FROM dossier_dossiergrant g JOIN access_ground gr ON gr.id = g.ground_id
  WHERE g.content_object_id = d AND g.user_id = u
$f$;

-- Is this a dossier whose signals its physician sees (grid, logcontrole R°)?
CREATE OR REPLACE FUNCTION review_is_mine(d uuid) RETURNS boolean {definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN EXISTS (SELECT 1 FROM access_standing(c.user_id, c.engagement_id, c.side, d, statement_timestamp()) st
    WHERE access_cell(st.role, 'logcontrole', 'read') = 'own' AND access_cell(st.role, 'inzage', 'read') = 'all'
      AND access_held_back(st.missing, 'inzage', 'read') IS NULL);
END $f$;

-- The same of a decision: the column that says of which dossier it was is read here only.
CREATE OR REPLACE FUNCTION review_decided_of_mine(decision uuid) RETURNS boolean {definer_plpgsql} AS $f$
DECLARE d uuid := (SELECT x.dossier FROM dossier_reviewdecision x WHERE x.id = decision);
BEGIN
  RETURN d IS NOT NULL AND review_is_mine(d);
END $f$;

-- Every signal of one practice in a period. Bounded by (practice, at); called by the functions below only.
CREATE OR REPLACE FUNCTION review_found(p uuid, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (fingerprint uuid, signal text, actor bigint, role text, dossier uuid, hidden boolean, moments timestamptz[], reach int)
{definer_plpgsql} ROWS 50 AS $f$
#variable_conflict use_column
DECLARE
  own int := review_number(p, 'own_days');
  near int := review_number(p, 'contact_days');
  around interval := make_interval(days => greatest(own, near) + 1);
BEGIN
  RETURN QUERY WITH looks AS MATERIALIZED (
    SELECT l.at, l.kind, l.outcome, l.code, l.actor, l.role, x.id AS dossier, x.founded_at, gr.ends_at AS ground_ended,
      (l.at AT TIME ZONE 'Europe/Amsterdam')::date AS day, date_trunc('hour', l.at) AS hour,
      EXISTS (SELECT 1 FROM unnest(l.asks) a WHERE NOT split_part(a, '.', 1) IN ('team', 'inzage', 'kennisgeving', 'verzoek')) AS content,
      x.process_from IS NULL OR l.at < x.process_from OR review_singled_out(l.asks)
        OR coalesce(review_voluntary(gr.kind, gr.purposes), false) AS hidden
    FROM access_log l CROSS JOIN LATERAL unnest(l.dossiers) o(d) JOIN dossier_dossier x ON x.id = o.d AND x.practice_id = p
    LEFT JOIN access_ground gr ON gr.id = l.ground
    WHERE l.practice = p AND l.at >= from_at AND l.at < to_at AND l.kind IN ('open', 'refused')
  ), pairs AS MATERIALIZED (
    SELECT k.actor, k.dossier, (array_agg(k.role ORDER BY k.at DESC))[1] AS role, array_agg(k.at ORDER BY k.at) AS moments,
      bool_or(k.hidden) AS hidden
    FROM looks k WHERE k.kind = 'open' AND k.outcome = 'ok' AND k.content GROUP BY k.actor, k.dossier
  ), readers AS MATERIALIZED (  -- who looked, as he is known here as an employee himself
    SELECT u.id AS user_id, review_plain(u.display_name) AS name,
      review_surnames(regexp_replace(u.display_name, '^\S+\s+', '')) AS names,
      nullif(replace(review_plain(q.postcode), ' ', '') || '|' || review_plain(q.street), '|') AS address
    FROM (SELECT DISTINCT y.actor FROM pairs y) a JOIN accounts_user u ON u.id = a.actor
    LEFT JOIN people_person q ON q.practice_id = p AND (u.email <> '' AND lower(q.email) = lower(u.email)
      OR review_plain(u.display_name) IN (review_plain(concat_ws(' ', nullif(q.first_name, ''), nullif(q.prefix, ''), q.surname)),
        review_plain(concat_ws(' ', q.initials, nullif(q.prefix, ''), q.surname))))
  ), named AS MATERIALIZED (
    SELECT y.*, u.names AS reader_names, review_surnames(q.surname) AS employee_names,
      review_plain(concat_ws(' ', nullif(q.first_name, ''), nullif(q.prefix, ''), q.surname)) AS full_name,
      review_plain(concat_ws(' ', q.initials, nullif(q.prefix, ''), q.surname)) AS short_name, nullif(lower(q.email), '') AS email,
      CASE WHEN q.street <> '' AND q.postcode <> '' THEN replace(review_plain(q.postcode), ' ', '') || '|' || review_plain(q.street) ELSE '' END AS address
    FROM pairs y JOIN dossier_dossier x ON x.id = y.dossier JOIN people_person q ON q.id = x.person_id
    JOIN (SELECT DISTINCT ON (r.user_id) r.user_id, r.names FROM readers r) u ON u.user_id = y.actor
  ), colleagues AS MATERIALIZED (
    SELECT DISTINCT review_plain(u.display_name) AS name, nullif(lower(u.email), '') AS email
    FROM people_engagement n JOIN accounts_user u ON u.id = n.user_id WHERE n.practice_id = p
  ), acts AS MATERIALIZED (  -- what somebody did, not what he saw
    SELECT DISTINCT l.actor, o.d AS dossier, (l.at AT TIME ZONE 'Europe/Amsterdam')::date AS day
    FROM access_log l CROSS JOIN LATERAL unnest(l.dossiers) o(d)
    WHERE l.practice = p AND l.at >= from_at - around AND l.at < to_at + around AND l.outcome = 'ok'
      AND NOT l.kind = ANY ({looking})
  ), over(dossier, day) AS MATERIALIZED (  -- a recovery closes every case that began before it, whichever version said so
    SELECT w.dossier_id, w.recovered_on FROM process_verzuimgeval w WHERE w.practice_id = p AND w.recovered_on IS NOT NULL
    UNION SELECT w.dossier_id, w.from_day FROM process_verzuimverloop w WHERE w.practice_id = p AND w.absence_percentage = 0
  ), lone AS MATERIALIZED (
    SELECT k.actor, k.dossier, k.day, (array_agg(k.role ORDER BY k.at DESC))[1] AS role, array_agg(k.at ORDER BY k.at) AS moments,
      bool_or(k.hidden) AS hidden
    FROM looks k
    WHERE k.kind = 'open' AND k.outcome = 'ok' AND k.content
      AND NOT k.day BETWEEN (k.founded_at AT TIME ZONE 'Europe/Amsterdam')::date - near AND (k.founded_at AT TIME ZONE 'Europe/Amsterdam')::date + near
      AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.dossier = k.dossier AND a.actor = k.actor AND a.day BETWEEN k.day - own AND k.day + own)
      AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.dossier = k.dossier AND a.day BETWEEN k.day - near AND k.day + near)
      AND NOT EXISTS (SELECT 1 FROM process_verzuimgeval v WHERE v.dossier_id = k.dossier AND v.first_sick_day <= k.day + near
        AND NOT EXISTS (SELECT 1 FROM over w WHERE w.dossier = v.dossier_id AND w.day >= v.first_sick_day AND w.day < k.day - near))
    GROUP BY k.actor, k.dossier, k.day
  ), many AS MATERIALIZED (
    SELECT k.actor, k.hour, min(k.day) AS day, (array_agg(k.role ORDER BY k.at DESC))[1] AS role, array_agg(k.at ORDER BY k.at) AS moments,
      array_agg(DISTINCT k.dossier) AS seen, count(DISTINCT k.dossier)::int AS reach
    FROM looks k WHERE k.kind = 'open' AND k.outcome = 'ok' AND k.content GROUP BY k.actor, k.hour
    HAVING count(DISTINCT k.dossier) >= review_number(p, 'many_least')
  ), past AS MATERIALIZED (  -- not read at all in a period in which nobody opened many
    SELECT l.actor, (l.at AT TIME ZONE 'Europe/Amsterdam')::date AS day, date_trunc('hour', l.at) AS hour, count(DISTINCT o.d) AS reach
    FROM access_log l CROSS JOIN LATERAL unnest(l.dossiers) o(d)
    WHERE EXISTS (SELECT 1 FROM many) AND l.practice = p AND l.at >= from_at - interval '58 days' AND l.at < to_at
      AND l.kind = 'open' AND l.outcome = 'ok' AND l.actor IN (SELECT b.actor FROM many b)
    GROUP BY 1, 2, 3
  ), busy AS MATERIALIZED (  -- against his own usual hour of the eight weeks before that day, and how much had no reason near
    SELECT b.*,
      coalesce((SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY q.reach) FROM past q
        WHERE q.actor = b.actor AND q.day < b.day AND q.day >= b.day - 56), 0) AS usual,
      (SELECT count(DISTINCT o.dossier) FROM lone o WHERE o.actor = b.actor AND o.day = b.day AND o.dossier = ANY (b.seen)) AS without
    FROM many b
  ), found(signal, key, actor, role, dossier, moments, hidden, reach) AS (
  {union}
  )
  SELECT review_fingerprint(p, f.signal, f.key), f.signal, f.actor, f.role, f.dossier, f.hidden, f.moments, f.reach FROM found f;
END $f$;

CREATE OR REPLACE FUNCTION review_fingerprint(p uuid, signal text, key text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT encode(substr(sha256(convert_to(concat_ws('|', p, signal, key), 'UTF8')), 1, 16), 'hex')::uuid
$f$;

-- The drawn lookings of a month: the order is a hash of seed and row, so whoever knows the seed draws the same.
CREATE OR REPLACE FUNCTION review_drawn(p uuid, month date)
RETURNS TABLE (fingerprint uuid, signal text, actor bigint, role text, dossier uuid, hidden boolean, moments timestamptz[], reach int)
{definer_plpgsql} ROWS 20 AS $f$
#variable_conflict use_column
DECLARE s dossier_reviewsample;
BEGIN
  SELECT * INTO s FROM dossier_reviewsample y WHERE y.practice_id = p AND y.month = review_drawn.month;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT review_fingerprint(p, 'sample', l.id::text), 'sample', l.actor, l.role, l.dossiers[1],
    x.process_from IS NULL OR l.at < x.process_from OR review_singled_out(l.asks)
      OR coalesce(review_voluntary(gr.kind, gr.purposes), false), ARRAY[l.at], 1
  FROM (
    SELECT y.* FROM access_log y
    WHERE y.practice = p AND y.at >= s.month::timestamp AT TIME ZONE 'Europe/Amsterdam'
      AND y.at < (s.month + interval '1 month') AT TIME ZONE 'Europe/Amsterdam' AND y.kind = 'open' AND y.outcome = 'ok'
      AND EXISTS (SELECT 1 FROM unnest(y.asks) a WHERE NOT split_part(a, '.', 1) IN ('team', 'inzage', 'kennisgeving', 'verzoek'))
    ORDER BY sha256(convert_to(s.seed::text || y.id::text, 'UTF8')) LIMIT s.size
  ) l JOIN dossier_dossier x ON x.id = l.dossiers[1] LEFT JOIN access_ground gr ON gr.id = l.ground
  ORDER BY l.at, l.id;
END $f$;

-- What the officer, and on his own dossiers the physician, is shown. To whoever is not on the medical side a dossier
-- is not named where naming it would tell of a voluntary contact. At most a month at a time.
CREATE OR REPLACE FUNCTION review_signals(from_at timestamptz, to_at timestamptz)
RETURNS TABLE (fingerprint uuid, signal text, actor bigint, role text, dossier uuid, hidden boolean, moments timestamptz[], reach int)
{volatile_plpgsql} ROWS 50 AS $f$
#variable_conflict use_column
DECLARE c access_acting := access_acting(); value text := access_office('logcontrole', 'read');
BEGIN
  IF value = 'nothing' OR to_at > from_at + interval '32 days' THEN RETURN; END IF;
  PERFORM access_write_log(c, 'log_review', 'ok', NULL, NULL, NULL, NULL, NULL, 'signals', ARRAY['logcontrole.read'], NULL, NULL, NULL);
  RETURN QUERY SELECT f.fingerprint, f.signal, f.actor, f.role,
      CASE WHEN c.side = 'medical' OR NOT f.hidden THEN f.dossier END, f.hidden AND c.side <> 'medical', f.moments, f.reach
    FROM review_found(c.practice_id, from_at, to_at) f
    WHERE CASE WHEN value = 'all' THEN true ELSE f.dossier IS NOT NULL AND review_is_mine(f.dossier) END;
END $f$;

CREATE OR REPLACE FUNCTION review_sample(month date)
RETURNS TABLE (fingerprint uuid, signal text, actor bigint, role text, dossier uuid, hidden boolean, moments timestamptz[], reach int)
{volatile_plpgsql} ROWS 20 AS $f$
#variable_conflict use_column
DECLARE c access_acting := access_acting();
BEGIN
  IF access_office('logcontrole', 'read') <> 'all' THEN RETURN; END IF;
  PERFORM access_write_log(c, 'log_review', 'ok', NULL, NULL, NULL, NULL, NULL, 'sample', ARRAY['logcontrole.read'], NULL, NULL, NULL);
  RETURN QUERY SELECT f.fingerprint, f.signal, f.actor, f.role,
    CASE WHEN c.side = 'medical' OR NOT f.hidden THEN f.dossier END, f.hidden AND c.side <> 'medical', f.moments, f.reach
    FROM review_drawn(c.practice_id, month) f;
END $f$;

-- The log of the practice, row by row, without a dossier or a part: what the officer leafs through.
CREATE OR REPLACE FUNCTION review_log(wanted_kind text, wanted_outcome text, before_at timestamptz, before_id bigint, n int)
RETURNS TABLE (id bigint, at timestamptz, kind text, outcome text, code text, actor bigint, role text, on_behalf_of bigint, origin text, reach int)
{volatile_plpgsql} ROWS 200 AS $f$
#variable_conflict use_column
DECLARE c access_acting := access_acting();
BEGIN
  IF access_office('logcontrole', 'read') <> 'all' THEN RETURN; END IF;
  PERFORM access_write_log(c, 'log_review', 'ok', NULL, NULL, NULL, NULL, NULL, 'log', ARRAY['logcontrole.read'], NULL, NULL, NULL);
  RETURN QUERY SELECT l.id, l.at, l.kind, l.outcome, l.code, l.actor, l.role, l.on_behalf_of, l.origin, cardinality(l.dossiers)
  FROM access_log l
  WHERE l.practice = c.practice_id AND (wanted_kind IS NULL OR l.kind = wanted_kind)
    AND (wanted_outcome IS NULL OR l.outcome = wanted_outcome)
    AND (before_at IS NULL OR l.at <= before_at AND (l.at, l.id) < (before_at, before_id))
  ORDER BY l.at DESC, l.id DESC LIMIT least(n, 500);
END $f$;

-- Who looked in one opened dossier. Outside the medical side no medical part is named, nothing from before the dossier
-- had a process side, and nobody who works there for voluntary parts alone.
CREATE OR REPLACE FUNCTION review_lines(d uuid, from_at timestamptz, to_at timestamptz, before_at timestamptz, before_id bigint, n int)
RETURNS TABLE (id bigint, at timestamptz, request text, kind text, outcome text, code text, actor bigint, role text, on_behalf_of bigint,
  purpose text, asks text[])
{definer_plpgsql} ROWS 200 AS $f$
#variable_conflict use_column
DECLARE
  c access_acting := access_acting();
  reach text;
  since timestamptz;
  secret bigint[];
BEGIN
  SELECT CASE WHEN EXISTS (SELECT 1 FROM access_pairs('copy', 'all') k WHERE k.d = review_lines.d AND k.s = 'inzage')
      OR EXISTS (SELECT 1 FROM access_pairs('read', 'all') k WHERE k.d = review_lines.d AND k.s = 'inzage') THEN 'all'
    WHEN EXISTS (SELECT 1 FROM access_pairs('read', 'own') k WHERE k.d = review_lines.d AND k.s = 'inzage') THEN 'own' END INTO reach;
  IF reach IS NULL THEN RETURN; END IF;
  IF c.side <> 'medical' THEN
    SELECT coalesce(x.process_from, 'infinity') INTO since FROM dossier_dossier x WHERE x.id = d;
    secret := ARRAY(SELECT DISTINCT g.user_id::bigint FROM dossier_dossiergrant g
      WHERE g.content_object_id = d AND review_only_voluntary(g.user_id::bigint, d));
  END IF;
  RETURN QUERY SELECT l.id, l.at, l.request, l.kind, l.outcome, CASE WHEN c.side <> 'medical' AND l.code = 'other_purpose' THEN '' ELSE l.code END,
    l.actor, l.role, l.on_behalf_of, l.purpose,
    CASE WHEN c.side = 'medical' THEN l.asks ELSE ARRAY(
      SELECT CASE WHEN split_part(a, '.', 1) = ANY ({medical}) THEN 'medical.' || split_part(a, '.', 2) ELSE a END FROM unnest(l.asks) a) END
  FROM access_log l LEFT JOIN access_ground gr ON gr.id = l.ground
  WHERE l.practice = c.practice_id AND l.dossiers @> ARRAY[d] AND (reach = 'all' OR l.actor = c.user_id)
    AND (from_at IS NULL OR l.at >= from_at) AND (to_at IS NULL OR l.at < to_at)
    AND (before_at IS NULL OR l.at <= before_at AND (l.at, l.id) < (before_at, before_id))
    AND (c.side = 'medical' OR l.at >= since AND NOT l.actor = ANY (secret) AND NOT review_singled_out(l.asks)
      AND NOT coalesce(review_voluntary(gr.kind, gr.purposes), false))
  ORDER BY l.at DESC, l.id DESC LIMIT n;
END $f$;
