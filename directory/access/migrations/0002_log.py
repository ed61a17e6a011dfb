"""The access log: partitioned by month from the first day, append-only by privilege and by trigger."""

from django.db import migrations

LOG = """
CREATE TABLE access_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  xid xid8 NOT NULL,
  request text NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL,
  code text,
  actor bigint NOT NULL,
  engagement uuid NOT NULL,
  practice uuid NOT NULL,
  role text NOT NULL,
  side text NOT NULL,
  on_behalf_of bigint,
  ground uuid,
  ground_kind text,
  purpose text NOT NULL,
  asks text[] NOT NULL,
  dossiers uuid[] NOT NULL,
  record uuid,
  query text,
  origin text NOT NULL,
  protocol text NOT NULL,
  leaf bytea NOT NULL,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX access_log_xid ON access_log (xid);
CREATE INDEX access_log_dossiers ON access_log USING gin (dossiers);
CREATE INDEX access_log_practice ON access_log (practice, at DESC);
REVOKE ALL ON access_log FROM PUBLIC;
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON access_log TO hat_medical, hat_admin;
CREATE POLICY access_log_dossier ON access_log FOR SELECT USING (
  practice = (SELECT access_practice()) AND dossiers && ARRAY(SELECT k.d FROM access_pairs('read', 'all') k WHERE k.s = 'inzage'));
CREATE POLICY access_log_own ON access_log FOR SELECT USING (
  practice = (SELECT access_practice()) AND actor = (SELECT access_user())
  AND dossiers && ARRAY(SELECT k.d FROM access_pairs('read', 'own') k WHERE k.s = 'inzage'));
CREATE POLICY access_log_review ON access_log FOR SELECT USING (
  practice = (SELECT access_practice()) AND (SELECT access_office('logcontrole', 'read')) = 'all');
CREATE FUNCTION access_leaf(l access_log) RETURNS bytea LANGUAGE sql IMMUTABLE AS $f$ SELECT NULL::bytea $f$;
CREATE FUNCTION access_log_seal() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
CREATE TRIGGER access_log_seal BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION access_log_seal();
CREATE TRIGGER access_log_stays BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION access_append_only();
CREATE TRIGGER access_log_whole BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION access_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_stubs")]

    operations = [migrations.RunSQL(LOG, "DROP TABLE access_log CASCADE; DROP FUNCTION IF EXISTS access_log_seal()")]
