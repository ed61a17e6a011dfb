-- Who acts. The token is derived from the session key with SECRET_KEY and stored nowhere; this table holds its hash.
-- Everything below asks the bound context, never current_user: SET ROLE works inside a SELECT, a token cannot be made.

CREATE OR REPLACE FUNCTION access_engaged(e uuid, at timestamptz) RETURNS boolean {definer} AS $f$
  SELECT EXISTS (
    SELECT 1 FROM people_engagement n JOIN accounts_user u ON u.id = n.user_id
    WHERE n.id = e AND u.is_active AND n.starts_at <= at AND (n.ends_at IS NULL OR n.ends_at > at)
      AND (n.side IN ('employer', 'admin') OR n.accepted_at <= at)
      AND NOT EXISTS (SELECT 1 FROM people_engagementsuspension s
        WHERE s.engagement_id = n.id AND s.starts_at <= at AND (s.ends_at IS NULL OR s.ends_at > at)))
$f$;

CREATE OR REPLACE FUNCTION access_acting() RETURNS access_acting {definer_plpgsql} AS $f$
DECLARE
  token text := nullif(current_setting('app.session', true), '');
  hash bytea := sha256(convert_to(token, 'UTF8'));  -- here, or a scan of a small table hashes once per row
  c access_acting;
BEGIN
  IF token IS NULL AND session_user IN ('tweeluik_owner', 'tweeluik_begin') THEN
    RETURN NULL;  -- a migration checks foreign keys of a FORCEd table, explain looks up a header: both act for nobody
  END IF;
  IF token IS NULL THEN
    RAISE EXCEPTION 'no capacity in this transaction' USING ERRCODE = '42501', HINT = 'no_capacity';
  END IF;
  SELECT s.user_id, s.engagement_id, n.practice_id, n.role, n.side, s.kind INTO c
  FROM access_sessioncontext s JOIN people_engagement n ON n.id = s.engagement_id
  WHERE s.token_hash = hash AND s.ended_at IS NULL
    AND s.expires_at > statement_timestamp() AND access_engaged(n.id, statement_timestamp());
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this capacity has ended' USING ERRCODE = '42501', HINT = 'capacity_ended';
  END IF;
  RETURN c;
END $f$;

CREATE OR REPLACE FUNCTION access_user() RETURNS bigint {definer_plpgsql} AS $f$
BEGIN RETURN (access_acting()).user_id; END $f$;

CREATE OR REPLACE FUNCTION access_engagement() RETURNS uuid {definer_plpgsql} AS $f$
BEGIN RETURN (access_acting()).engagement_id; END $f$;

CREATE OR REPLACE FUNCTION access_practice() RETURNS uuid {definer_plpgsql} AS $f$
BEGIN RETURN (access_acting()).practice_id; END $f$;

CREATE OR REPLACE FUNCTION access_role() RETURNS text {definer_plpgsql} AS $f$
BEGIN RETURN (access_acting()).role; END $f$;

CREATE OR REPLACE FUNCTION access_side() RETURNS text {definer_plpgsql} AS $f$
BEGIN RETURN (access_acting()).side; END $f$;

-- Only the second login may execute these three: the runtime login can use a context, never make one.
DROP FUNCTION IF EXISTS access_begin(bytea, bigint, uuid, text, interval);
CREATE OR REPLACE FUNCTION access_begin(token_hash bytea, u bigint, e uuid, kind text, lasts interval,
  session_hash text DEFAULT '')
RETURNS void {volatile_plpgsql} AS $f$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM people_engagement n WHERE n.id = e AND n.user_id = u)
     OR NOT access_engaged(e, statement_timestamp()) THEN
    RAISE EXCEPTION 'no such capacity' USING ERRCODE = '42501', HINT = 'no_capacity';
  END IF;
  INSERT INTO access_sessioncontext (token_hash, user_id, engagement_id, kind, session, started_at, expires_at)
  VALUES (token_hash, u, e, kind, session_hash, statement_timestamp(), statement_timestamp() + least(lasts, interval '8 hours'))
  ON CONFLICT ON CONSTRAINT access_sessioncontext_pkey DO UPDATE SET ended_at = NULL, expires_at = EXCLUDED.expires_at, session = EXCLUDED.session
    WHERE access_sessioncontext.user_id = EXCLUDED.user_id
      AND access_sessioncontext.engagement_id = EXCLUDED.engagement_id;
END $f$;

CREATE OR REPLACE FUNCTION access_finish(hash bytea) RETURNS void {volatile_plpgsql} AS $f$
BEGIN
  UPDATE access_sessioncontext SET ended_at = statement_timestamp() WHERE token_hash = hash AND ended_at IS NULL;
END $f$;

CREATE OR REPLACE FUNCTION access_capacities(u bigint)
RETURNS TABLE (engagement uuid, practice uuid, practice_name text, role text, side text) {definer} AS $f$
  SELECT n.id, p.id, p.name::text, n.role::text, n.side::text
  FROM people_engagement n JOIN people_practice p ON p.id = n.practice_id
  WHERE n.user_id = u AND access_engaged(n.id, statement_timestamp()) ORDER BY p.name, n.role
$f$;

-- Who stands in history. Migrations and the founding of a first practice have no capacity; they run as the owner, a login
-- that never serves, and write as the system account. session_user cannot be changed by SET ROLE.
CREATE OR REPLACE FUNCTION access_author() RETURNS TABLE (user_id bigint, engagement_id uuid) {definer_plpgsql} ROWS 1 AS $f$
BEGIN
  IF session_user = 'tweeluik_owner' AND nullif(current_setting('app.session', true), '') IS NULL THEN
    RETURN QUERY SELECT u.id, '00000000-0000-0000-0000-000000000000'::uuid FROM accounts_user u WHERE u.username = 'systeem';
  ELSE
    RETURN QUERY SELECT a.user_id, a.engagement_id FROM (SELECT (access_acting()).*) a;
  END IF;
END $f$;

-- Whether an account works nowhere, and never did: just made, and waiting for its engagement.
CREATE OR REPLACE FUNCTION access_newcomer(u bigint) RETURNS boolean {definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN c.side = 'admin' AND NOT EXISTS (SELECT 1 FROM people_engagement n WHERE n.user_id = u);
END $f$;

-- Whose names one may meet: the people of one's own practice; from the employer side only its physicians.
CREATE OR REPLACE FUNCTION access_colleagues() RETURNS SETOF bigint {definer_plpgsql} ROWS 20 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN QUERY SELECT DISTINCT n.user_id FROM people_engagement n
  WHERE n.practice_id = c.practice_id AND (c.side <> 'employer' OR n.user_id = c.user_id OR n.role = 'bedrijfsarts');
END $f$;
