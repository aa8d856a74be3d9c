-- Findings compare a permit with the dated uses of kindred goods that name no permit. Which these are, and until when, stands beside
-- the good, kept by triggers: one small index answers, without a look at every use and at what it names.
-- AlterTable
ALTER TABLE "event_good" ADD COLUMN "free_use_latest" DATE;

CREATE FUNCTION settle_uses(events uuid[]) RETURNS void LANGUAGE sql AS $$
  UPDATE event_good AS used SET free_use_latest = settled.latest
  FROM (SELECT event.id, CASE WHEN event.type IN ('use', 'transfer') AND event.on_edtf IS NOT NULL
      AND NOT EXISTS (SELECT FROM event_about WHERE event_about.event_id = event.id AND event_about.permit_id IS NOT NULL)
      THEN COALESCE(event.on_latest, 'infinity'::date) END AS latest
    FROM event WHERE event.id = ANY (events)) AS settled
  WHERE used.event_id = settled.id AND used.free_use_latest IS DISTINCT FROM settled.latest
$$;

-- After the statement: one statement writes all goods, or all that an event is about.
CREATE FUNCTION settle_changed_uses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_uses(ARRAY(SELECT DISTINCT event_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_good_use_made" AFTER INSERT ON "event_good" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_changed_uses();
CREATE TRIGGER "event_about_use_made" AFTER INSERT ON "event_about" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_changed_uses();
CREATE TRIGGER "event_about_use_changed" AFTER UPDATE ON "event_about" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_changed_uses();
CREATE TRIGGER "event_about_use_left" AFTER DELETE ON "event_about" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_changed_uses();

CREATE FUNCTION settle_uses_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_uses(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_settles_uses" AFTER UPDATE ON "event" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_uses_of_events();

SELECT settle_uses(ARRAY(SELECT id FROM event WHERE type IN ('use', 'transfer')));

-- What Prisma's schema cannot say.
CREATE INDEX "event_good_free_use_idx" ON "event_good" ("good_id", "free_use_latest", "event_id") WHERE "free_use_latest" IS NOT NULL;
