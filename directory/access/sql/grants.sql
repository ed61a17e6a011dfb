-- Grounds are laid and ended by those their kind names; grants are compiled from a ground and its scope, here only.

CREATE OR REPLACE FUNCTION access_may_lay(kind text, holder uuid, responsible uuid) RETURNS boolean
{definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(ARRAY[holder, responsible]) y(id) WHERE y.id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM people_engagement n WHERE n.id = y.id AND n.practice_id = c.practice_id)) THEN
    RETURN false;
  END IF;
  RETURN CASE kind
    {laying}
    ELSE false END;
END $f$;

-- Whoever may lay it may end or suspend it; a deputy may do so for the physician he replaces (003 §3.1, C24).
CREATE OR REPLACE FUNCTION access_may_end(kind text, holder uuid, responsible uuid) RETURNS boolean
{definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  RETURN access_may_lay(kind, holder, responsible) OR (c.role = 'bedrijfsarts' AND responsible IS NOT NULL AND EXISTS (
    SELECT 1 FROM access_ground gr WHERE gr.kind = 'deputising' AND gr.holder_id = c.engagement_id
      AND gr.responsible_id = access_may_end.responsible AND gr.starts_at <= statement_timestamp()
      AND (gr.ends_at IS NULL OR gr.ends_at > statement_timestamp())
      AND NOT EXISTS (SELECT 1 FROM access_suspension s WHERE s.ground_id = gr.id AND s.starts_at <= statement_timestamp()
          AND (s.ends_at IS NULL OR s.ends_at > statement_timestamp()))));
END $f$;

-- Which dossiers a ground reaches. Under a physician only those he himself has now; outside the medical side only those
-- with a process side, so that a dossier opened for a voluntary contact betrays nothing.
CREATE OR REPLACE FUNCTION access_in_scope(ground uuid) RETURNS SETOF uuid {definer_plpgsql} ROWS 1000 AS $f$
DECLARE gr access_ground;
BEGIN
  SELECT * INTO gr FROM access_ground z WHERE z.id = access_in_scope.ground;
  IF gr.responsible_id IS NULL THEN
    RETURN QUERY SELECT DISTINCT x.id FROM access_groundscope sc
    JOIN dossier_dossier x ON x.practice_id = gr.practice_id AND (x.employer_id = sc.employer_id OR x.relation_id = sc.relation_id)
    WHERE sc.ground_id = gr.id AND (x.process_from IS NOT NULL OR gr.role = ANY ({medical_roles}));
    RETURN;
  END IF;
  RETURN QUERY
  SELECT x.id FROM access_groundscope sc
  JOIN dossier_dossier x ON x.practice_id = gr.practice_id AND (x.employer_id = sc.employer_id OR x.relation_id = sc.relation_id)
  WHERE sc.ground_id = gr.id AND (x.process_from IS NOT NULL OR gr.role = ANY ({medical_roles}))
    AND EXISTS (SELECT 1 FROM dossier_dossiergrant b JOIN access_ground bg ON bg.id = b.ground_id
      WHERE b.content_object_id = x.id AND b.role = 'bedrijfsarts' AND bg.holder_id = gr.responsible_id
        AND (bg.ends_at IS NULL OR bg.ends_at > statement_timestamp()))
  UNION
  SELECT x.id FROM access_groundscope sc JOIN access_ground bg ON bg.holder_id = gr.responsible_id
  JOIN dossier_dossiergrant b ON b.ground_id = bg.id AND b.role = 'bedrijfsarts'
  JOIN dossier_dossier x ON x.id = b.content_object_id AND x.practice_id = gr.practice_id
  WHERE sc.ground_id = gr.id AND sc.caseload AND (x.process_from IS NOT NULL OR gr.role = ANY ({medical_roles}))
    AND (bg.ends_at IS NULL OR bg.ends_at > statement_timestamp());
END $f$;

-- The same question about one dossier: a founding asks it of every ground of the practice.
CREATE OR REPLACE FUNCTION access_covers(gr access_ground, x dossier_dossier) RETURNS boolean {definer_plpgsql} AS $f$
DECLARE his boolean := gr.responsible_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM dossier_dossiergrant b JOIN access_ground bg ON bg.id = b.ground_id
  WHERE b.content_object_id = x.id AND b.role = 'bedrijfsarts' AND bg.holder_id = gr.responsible_id
    AND (bg.ends_at IS NULL OR bg.ends_at > statement_timestamp()));
BEGIN
  RETURN x.practice_id = gr.practice_id AND (x.process_from IS NOT NULL OR gr.role = ANY ({medical_roles}))
    AND (his OR gr.responsible_id IS NULL)
    AND EXISTS (SELECT 1 FROM access_groundscope sc WHERE sc.ground_id = gr.id
      AND (sc.employer_id = x.employer_id OR sc.relation_id = x.relation_id OR (sc.caseload AND his)));
END $f$;

CREATE OR REPLACE FUNCTION access_grant_rows(ground uuid, dossiers uuid[]) RETURNS int {volatile_plpgsql} AS $f$
DECLARE made int;
BEGIN
  INSERT INTO dossier_dossiergrant
    (practice_id, user_id, permission_id, content_object_id, ground_id, given_by_id, given_at, role, purposes, sort_at)
  SELECT gr.practice_id, n.user_id, p.id, x.id, gr.id, gr.given_by_id, statement_timestamp(), gr.role, gr.purposes, x.sort_at
  FROM access_ground gr
  JOIN people_engagement n ON n.id = gr.holder_id
  JOIN auth_permission p ON p.codename = gr.role
  JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'dossier' AND t.model = 'dossier'
  JOIN dossier_dossier x ON x.id = ANY (access_grant_rows.dossiers)
  WHERE gr.id = access_grant_rows.ground
  ON CONFLICT (user_id, permission_id, content_object_id, ground_id) DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $f$;

-- One dossier more under a ground one gave oneself, by somebody who may change the team. Role and person are the ground's.
CREATE OR REPLACE FUNCTION access_grant(g uuid, d uuid) RETURNS int {volatile_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF NOT EXISTS (SELECT 1 FROM access_ground x WHERE x.id = g AND x.given_by_id = c.user_id AND x.practice_id = c.practice_id)
     OR NOT d IN (SELECT k.d FROM access_pairs('team', NULL) k WHERE k.s = 'team') THEN
    RAISE EXCEPTION 'not your ground or not your team' USING ERRCODE = '42501', HINT = 'not_your_ground';
  END IF;
  RETURN access_grant_rows(g, ARRAY[d]);
END $f$;

-- Grants of one ground, made to agree with its scope. In the transaction of the cause, by its giver or an ender.
CREATE OR REPLACE FUNCTION access_recompile(g uuid) RETURNS int {volatile_plpgsql} AS $f$
DECLARE
  c access_acting := access_acting();
  gr access_ground;
  wanted uuid[];
BEGIN
  SELECT * INTO gr FROM access_ground x WHERE x.id = g AND x.practice_id = c.practice_id;
  IF NOT FOUND OR NOT access_may_end(gr.kind, gr.holder_id, gr.responsible_id) THEN
    RAISE EXCEPTION 'not your ground' USING ERRCODE = '42501', HINT = 'not_your_ground';
  END IF;
  wanted := ARRAY(SELECT access_in_scope(g));
  DELETE FROM dossier_dossiergrant x WHERE x.ground_id = g AND NOT x.content_object_id = ANY (wanted);
  RETURN access_grant_rows(g, wanted);
END $f$;

-- All live grounds whose scope now covers this dossier. Physicians first: what is laid under them follows.
CREATE OR REPLACE FUNCTION access_cover(d uuid) RETURNS void {volatile_plpgsql} AS $f$
DECLARE gr access_ground; x dossier_dossier;
BEGIN
  SELECT * INTO x FROM dossier_dossier y WHERE y.id = d;
  FOR gr IN SELECT z.* FROM access_ground z
    WHERE z.practice_id = x.practice_id AND (z.ends_at IS NULL OR z.ends_at > statement_timestamp())
      AND EXISTS (SELECT 1 FROM access_groundscope sc WHERE sc.ground_id = z.id
        AND (sc.employer_id = x.employer_id OR sc.relation_id = x.relation_id OR sc.caseload))
    ORDER BY z.role = 'bedrijfsarts' DESC, z.id
  LOOP
    IF access_covers(gr, x) THEN PERFORM access_grant_rows(gr.id, ARRAY[d]); END IF;
  END LOOP;
END $f$;

-- A new dossier has no team yet, so nobody could be let in by policy: founding makes the shell and its first grants in
-- one step. Who may: a physician, procesbewaker or secretariaat of the practice, or a casemanager for an employee his
-- assignment names (ziekmelding). `process` is false for a dossier that only a voluntary contact opens.
CREATE OR REPLACE FUNCTION access_found(d uuid, relation uuid, process boolean) RETURNS uuid {volatile_plpgsql} AS $f$
DECLARE c access_acting := access_acting(); r people_relation; known uuid;
BEGIN
  SELECT * INTO r FROM people_relation y WHERE y.id = relation AND y.practice_id = c.practice_id;
  IF NOT FOUND OR NOT (c.role = ANY ('{{bedrijfsarts,arts_onder_supervisie,procesbewaker,signaleerder,secretariaat}}')
      OR (c.role = 'casemanager' AND process AND EXISTS (
        SELECT 1 FROM access_ground gr JOIN access_groundscope sc ON sc.ground_id = gr.id
        WHERE gr.holder_id = c.engagement_id AND sc.relation_id = relation AND gr.starts_at <= statement_timestamp()
          AND (gr.ends_at IS NULL OR gr.ends_at > statement_timestamp())))) THEN
    RAISE EXCEPTION 'no dossier may be founded here' USING ERRCODE = '42501', HINT = 'may_not_found';
  END IF;
  SELECT y.id INTO known FROM dossier_dossier y WHERE y.relation_id = relation;
  IF FOUND THEN
    IF process THEN
      UPDATE dossier_dossier y SET process_from = statement_timestamp() WHERE y.id = known AND y.process_from IS NULL;
    END IF;
    d := known;
  ELSE
    d := gen_random_uuid();  -- never the caller's: an id that comes back changed would say that a dossier was there
    INSERT INTO dossier_dossier (id, practice_id, relation_id, person_id, employer_id, founded_at, founded_by_id, process_from, sort_at)
    VALUES (d, c.practice_id, relation, r.person_id, r.employer_id, statement_timestamp(), c.user_id,
      CASE WHEN process THEN statement_timestamp() END, statement_timestamp());
  END IF;
  PERFORM access_cover(d);
  PERFORM access_write_log(c, 'found', 'ok', NULL, c.role, NULL, NULL, NULL, '', '{{}}', ARRAY[d], NULL, NULL);
  RETURN d;
END $f$;

-- The grounds of the people on an opened dossier, for the team page.
CREATE OR REPLACE FUNCTION access_team_grounds() RETURNS SETOF uuid {definer_plpgsql} ROWS 20 AS $f$
BEGIN
  RETURN QUERY SELECT DISTINCT g.ground_id FROM access_pairs('read', NULL) k
    JOIN dossier_dossiergrant g ON g.content_object_id = k.d
  WHERE k.s = 'team' AND g.role IN (SELECT access_team_roles());
END $f$;

-- Text of a save that was refused: kept as ciphertext for its author or, when his rights ended, for the physician.
-- Over the second connection and without asking the guards (they just failed), but only where the author was let in to write.
CREATE OR REPLACE FUNCTION access_keep(token text, kept uuid, d uuid, panel text, section text, purpose text, kind text,
  record uuid, happened timestamptz, reason text, content bytea) RETURNS boolean {volatile_plpgsql} AS $f$
DECLARE s access_sessioncontext; n people_engagement;
BEGIN
  SELECT * INTO s FROM access_sessioncontext x WHERE x.token_hash = sha256(convert_to(token, 'UTF8'))
    AND x.ended_at IS NULL AND x.expires_at > statement_timestamp() - interval '1 hour';
  IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM dossier_dossiergrant g JOIN access_ground gr ON gr.id = g.ground_id
    WHERE g.content_object_id = d AND g.user_id = s.user_id AND gr.holder_id = s.engagement_id
      AND 'nothing' <> ANY (ARRAY[access_cell(g.role, access_keep.section, 'write'),
        access_cell(g.role, access_keep.section, 'amend'), access_cell(g.role, access_keep.section, 'remark')])) THEN
    RETURN false;
  END IF;
  SELECT * INTO n FROM people_engagement x WHERE x.id = s.engagement_id;
  INSERT INTO dossier_kepttext (id, practice_id, dossier_id, author_id, panel, section, purpose, kind, record_id, happened_at,
    reason, content, kept_at)
  VALUES (kept, n.practice_id, d, s.user_id, panel, section, purpose, kind, record, happened, reason, content, statement_timestamp());
  RETURN true;
END $f$;

-- Who may see this dossier, and why: the answer for everybody on the team, per section, reading and writing. Only where
-- the team may be read; whoever does not see the medical side is told nothing about it.
CREATE OR REPLACE FUNCTION access_team_answers(d uuid)
RETURNS TABLE (user_id bigint, role text, section text, verb text, answer text, code text, ground uuid)
{definer_plpgsql} AS $f$
DECLARE c access_acting := access_acting();
BEGIN
  IF NOT access_team_answers.d IN (SELECT k.d FROM access_pairs('read', NULL) k WHERE k.s = 'team') THEN RETURN; END IF;
  RETURN QUERY
  SELECT g.user_id::bigint, g.role::text, s.code, v.verb, a.answer, a.code, g.ground_id
  FROM dossier_dossiergrant g JOIN access_ground gr ON gr.id = g.ground_id JOIN people_engagement n ON n.id = gr.holder_id
  CROSS JOIN unnest(CASE WHEN c.side = 'medical' THEN {dossier_sections} ELSE {process_sections} END) s(code)
  CROSS JOIN unnest(ARRAY['read', 'write']) v(verb)
  CROSS JOIN LATERAL access_answer(g.user_id::bigint, n.id, n.side::text, access_team_answers.d, s.code, v.verb, statement_timestamp()) a
  WHERE g.content_object_id = access_team_answers.d AND g.role IN (SELECT access_team_roles());
END $f$;
