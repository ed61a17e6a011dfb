-- Grant ∧ grid ∧ guards, for one person, one dossier, one moment. Every door comes through here.

-- The grid itself: role → section → verb → value. Silence does not occur.
CREATE OR REPLACE FUNCTION access_grid() RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT $grid${grid}$grid$::jsonb
$f$;

CREATE OR REPLACE FUNCTION access_cell(role text, section text, verb text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $f$
DECLARE found text := access_grid() -> role -> section ->> verb;
BEGIN
  IF found IS NOT NULL THEN RETURN found; END IF;
  IF access_grid() -> role -> section IS NULL OR NOT verb = ANY ({verbs}) THEN
    RAISE EXCEPTION 'no such cell: % % %', role, section, verb USING ERRCODE = '22023';
  END IF;
  RETURN 'nothing';
END $f$;

-- Where this role reaches with this verb. `value` NULL asks for any value. A delegate's own file is one section with a
-- purpose per record, so it comes back once per purpose of the grant; every other section is its own purpose.
CREATE OR REPLACE FUNCTION access_reach(role text, purposes text[], verb text, value text)
RETURNS TABLE (section text, purpose text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT k.part, CASE WHEN k.part = 'gedelegeerde' THEN p ELSE k.part END
  FROM jsonb_each(access_grid() -> role) k(part, cells)
  CROSS JOIN LATERAL unnest(CASE WHEN k.part = 'gedelegeerde' THEN purposes ELSE ARRAY[''] END) p
  WHERE k.cells ->> verb = ANY (CASE WHEN value IS NULL THEN ARRAY['all', 'own', 'shared', 'consent'] ELSE ARRAY[value] END)
    AND (NOT k.part = ANY ({purpose_sections}) OR k.part = ANY (purposes))
$f$;

-- Which failing guard, if any, holds this section and verb back. A failing guard is 'scope:code'.
CREATE OR REPLACE FUNCTION access_held_back(missing text[], section text, verb text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT split_part(m, ':', 2) FROM unnest(missing) WITH ORDINALITY AS x(m, n)
  WHERE CASE split_part(m, ':', 1)
    WHEN 'every' THEN true
    {scopes}
    ELSE true END
  ORDER BY n LIMIT 1
$f$;

-- One statement per role: PostgreSQL then starts the guards of the role that is met, not those of all sixteen. Whoever
-- only asks about some sections says so: the guards of a role that does not reach them are not asked at all.
CREATE OR REPLACE FUNCTION access_standing(u bigint, e uuid, side text, d uuid, at timestamptz,
  sections text[] DEFAULT NULL, verb text DEFAULT NULL, value text DEFAULT NULL)
RETURNS TABLE (role text, purposes text[], ground uuid, kind text, responsible bigint, missing text[])
{definer_plpgsql} ROWS 1 AS $f$
DECLARE
  c access_acting := (u, e, NULL, (SELECT n.role FROM people_engagement n WHERE n.id = e), side, NULL);
  held record;
  g dossier_dossiergrant;
  gr access_ground;
  x dossier_dossier;
BEGIN
  FOR held IN
    SELECT y AS of_grant, z AS of_ground, w AS of_dossier
    FROM dossier_dossiergrant y JOIN access_ground z ON z.id = y.ground_id JOIN dossier_dossier w ON w.id = y.content_object_id
    WHERE y.content_object_id = d AND y.user_id = u AND z.holder_id = e
      AND z.starts_at <= at AND (z.ends_at IS NULL OR z.ends_at > at)
    ORDER BY z.starts_at, z.id
  LOOP
    g := held.of_grant; gr := held.of_ground; x := held.of_dossier;
    CONTINUE WHEN NOT CASE c.side {wears} ELSE false END;
    CONTINUE WHEN sections IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM access_reach(g.role, g.purposes, verb, value) k WHERE k.section = ANY (sections));
    CASE g.role
      {guards}
      ELSE missing := ARRAY['every:unknown_role'];
    END CASE;
    missing := array_remove(missing, NULL);
    role := g.role; purposes := g.purposes; ground := gr.id; kind := gr.kind; responsible := NULL;
    IF gr.responsible_id IS NOT NULL THEN
      SELECT n.user_id INTO responsible FROM people_engagement n WHERE n.id = gr.responsible_id;
    END IF;
    RETURN NEXT;
  END LOOP;
  -- Administrator and officer hold their few cells by appointment of the practice; a grant would put them on a team.
  -- A dossier without a process side does not exist for them.
  IF side = 'admin' THEN
    RETURN QUERY SELECT n.role::text, '{{}}'::text[], NULL::uuid, 'appointment', NULL::bigint, '{{}}'::text[]
    FROM people_engagement n JOIN dossier_dossier w ON w.practice_id = n.practice_id
    WHERE n.id = e AND n.user_id = u AND n.side = 'admin' AND w.id = d AND w.process_from IS NOT NULL;
  END IF;
END $f$;

-- Outside the delegate's own file a task has its place: P3 is the signature on an authorisation, P1 and P2 are notes of
-- the process, M14 the follow-up, M13 the draft for the employer. A medical task opens no record of the process.
CREATE OR REPLACE FUNCTION access_task_here(section text, task text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
  SELECT CASE section WHEN 'toestemming' THEN task = 'P3' WHEN 'proces' THEN task = 'P2'
    WHEN 'werkgeverdeel' THEN task IN ('P1', 'P2') WHEN 'agenda' THEN task IN ('P2', 'M14')
    WHEN 'vrijgave' THEN task = 'M13' ELSE true END
$f$;

-- The tasks (Leidraad bijlage 4) this person may do on this dossier at this moment: '*' is everything.
-- Writing in an own file is itself a task (M7), so a contract without it opens no own file; a task list that has no
-- such task says so with an empty one.
CREATE OR REPLACE FUNCTION access_tasks(u bigint, e uuid, side text, d uuid, section text, at timestamptz)
RETURNS SETOF text {definer_plpgsql} ROWS 5 AS $f$
BEGIN
  RETURN QUERY
  WITH tasked AS (
    SELECT st.ground, t.task FROM access_standing(u, e, side, d, at) st
    CROSS JOIN LATERAL access_task_state(st.ground, u, d, at) t
    WHERE st.role = ANY ({tasked_roles}) AND t.code IS NULL
      AND access_cell(st.role, access_tasks.section, 'write') <> 'nothing'
      AND access_held_back(st.missing, access_tasks.section, 'write') IS NULL
      AND access_task_here(access_tasks.section, t.task)
  )
  SELECT '*' FROM access_standing(u, e, side, d, at) st
  WHERE NOT st.role = ANY ({tasked_roles}) AND access_cell(st.role, access_tasks.section, 'write') <> 'nothing'
    AND access_held_back(st.missing, access_tasks.section, 'write') IS NULL
  UNION
  SELECT k.task FROM tasked k
  WHERE k.task <> '' AND (access_tasks.section <> 'gedelegeerde'
    OR EXISTS (SELECT 1 FROM tasked z WHERE z.ground = k.ground AND z.task IN ('M7', '')));
END $f$;

-- Per task of the contract behind a ground: NULL when it may be done, else the code of what is missing.
CREATE OR REPLACE FUNCTION access_task_state(ground uuid, u bigint, d uuid, at timestamptz)
RETURNS TABLE (task text, code text) {definer_plpgsql} ROWS 10 AS $f$
BEGIN
  RETURN QUERY {task_state};
END $f$;

-- One of the four answers, for one ask. Used by opening, by has_perm and by explain alike.
CREATE OR REPLACE FUNCTION access_answer(
  u bigint, e uuid, side text, d uuid, section text, verb text, at timestamptz, task text DEFAULT NULL)
RETURNS TABLE (answer text, code text, role text, value text, ground uuid, kind text, responsible bigint)
{definer_plpgsql} ROWS 1 AS $f$
DECLARE
  st record;
  cell text;
  held text;
  lacking text;
  best int := 9999;
  rank int;
  verdict text := 'deny';
  why text := 'no_grant';
BEGIN
  PERFORM access_cell('bedrijfsarts', section, verb);
  IF NOT access_engaged(e, at) THEN
    RETURN QUERY SELECT 'deny', 'no_capacity', NULL::text, NULL::text, NULL::uuid, NULL::text, NULL::bigint;
    RETURN;
  END IF;
  answer := 'deny'; code := 'no_grant';
  FOR st IN SELECT * FROM access_standing(u, e, side, d, at) LOOP
    cell := access_cell(st.role, section, verb);
    held := access_held_back(st.missing, section, verb);
    lacking := NULL;
    IF cell = 'nothing' THEN
      rank := 4000; verdict := 'deny';
      why := CASE WHEN section = ANY ({medical_sections}) AND st.role = ANY ({outside_roles}) THEN 'no_medical' ELSE 'no_cell' END;
    ELSIF section = ANY ({purpose_sections}) AND NOT section = ANY (st.purposes) THEN
      rank := 3500; verdict := 'deny'; why := 'other_purpose';
    ELSIF held IS NOT NULL THEN
      rank := 2000 + cardinality(st.missing); verdict := 'not_yet'; why := held;  -- what lacks least, can be mended
    ELSE
      IF task IS NOT NULL AND st.role = ANY ({tasked_roles}) THEN
        SELECT CASE
          WHEN EXISTS (SELECT 1 FROM access_task_state(st.ground, u, d, at) t WHERE t.task = access_answer.task)
            THEN (SELECT t.code FROM access_task_state(st.ground, u, d, at) t WHERE t.task = access_answer.task)
          WHEN EXISTS (SELECT 1 FROM delegation_task t WHERE t.code = access_answer.task AND t.delegable = 1)
            AND NOT access_delegable(access_answer.task) THEN 'code_1'
          ELSE 'task_not_in_contract' END INTO lacking;
        IF lacking IS NULL AND NOT access_task_here(section, task) THEN lacking := 'task_not_in_contract'; END IF;
        IF lacking IS NULL AND section = 'gedelegeerde' AND NOT EXISTS (
            SELECT 1 FROM access_task_state(st.ground, u, d, at) t WHERE t.task IN ('M7', '') AND t.code IS NULL) THEN
          SELECT coalesce((SELECT t.code FROM access_task_state(st.ground, u, d, at) t WHERE t.task = 'M7'),
            'task_not_in_contract') INTO lacking;
        END IF;
      END IF;
      IF lacking IN ('task_not_in_contract', 'code_1', 'own_incompetent') THEN
        rank := 3000; verdict := 'deny'; why := lacking;
      ELSIF lacking IS NOT NULL THEN
        rank := 2100; verdict := 'not_yet'; why := lacking;
      ELSE
        rank := CASE cell WHEN 'all' THEN 1 WHEN 'own' THEN 2 WHEN 'shared' THEN 3 ELSE 4 END;
        verdict := CASE WHEN st.role = ANY ({conditioned_roles}) THEN 'allow_with_condition' ELSE 'allow' END;
        why := NULL;
      END IF;
    END IF;
    IF rank < best THEN
      best := rank; answer := verdict; code := why; role := st.role; value := cell;
      ground := st.ground; kind := st.kind; responsible := st.responsible;
    END IF;
  END LOOP;
  RETURN NEXT;
END $f$;

-- The second half of the grid: objects of the practice. Roles are the engagement's own and those its live grounds
-- bring along (a deputy suspends the contracts of the physician he replaces).
CREATE OR REPLACE FUNCTION access_office(object text, verb text) RETURNS text {definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN coalesce((
    SELECT v FROM (
      SELECT access_cell(r.role, object, verb) AS v FROM (
        SELECT c.role AS role
        UNION SELECT gr.role::text FROM access_ground gr
          WHERE gr.holder_id = c.engagement_id AND gr.kind = ANY ('{{deputising,custody}}')
            AND c.role = ANY ('{{bedrijfsarts,dossierbewaarder}}')
            AND gr.starts_at <= statement_timestamp() AND (gr.ends_at IS NULL OR gr.ends_at > statement_timestamp())
            AND NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = gr.id AND s.starts_at <= statement_timestamp()
          AND (s.ends_at IS NULL OR s.ends_at > statement_timestamp()))
      ) r) w
    WHERE v <> 'nothing' ORDER BY CASE v WHEN 'all' THEN 1 WHEN 'own' THEN 2 ELSE 3 END LIMIT 1), 'nothing');
END $f$;

-- The tasks the bound person may do here now: what a form offers.
CREATE OR REPLACE FUNCTION access_my_tasks(d uuid, section text) RETURNS SETOF text {definer_plpgsql} ROWS 5 AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN QUERY SELECT access_tasks(c.user_id, c.engagement_id, c.side, access_my_tasks.d, access_my_tasks.section,
    statement_timestamp());
END $f$;
