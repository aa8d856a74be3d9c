-- The bounds of an event's date beside each participant: an actor's events come out of one index in the order of a
-- timeline. docs/decisions/0012-order-of-a-timeline.md says why.
ALTER TABLE "event_participant" ADD COLUMN "event_earliest" DATE, ADD COLUMN "event_latest" DATE;

UPDATE event_participant SET event_earliest = event.on_earliest, event_latest = event.on_latest
  FROM event WHERE event.id = event_participant.event_id;

CREATE FUNCTION date_participant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT on_earliest, on_latest INTO NEW.event_earliest, NEW.event_latest FROM event WHERE event.id = NEW.event_id;
  RETURN NEW;
END $$;
CREATE TRIGGER "event_participant_dated" BEFORE INSERT OR UPDATE ON "event_participant"
  FOR EACH ROW EXECUTE FUNCTION date_participant();

CREATE FUNCTION date_participants_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE event_participant SET event_earliest = changed.on_earliest, event_latest = changed.on_latest
    FROM changed WHERE changed.id = event_participant.event_id
      AND (event_earliest, event_latest) IS DISTINCT FROM (changed.on_earliest, changed.on_latest);
  RETURN NULL;
END $$;
CREATE TRIGGER "event_dates_participants" AFTER UPDATE ON "event" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION date_participants_of_events();

-- An event without a bound has no date, and stands last.
DROP INDEX "event_in_order_idx";
CREATE INDEX "event_in_order_idx" ON "event" ((ARRAY[COALESCE("on_latest", 'infinity'::date), CASE WHEN num_nonnulls("on_earliest", "on_latest") > 0 THEN COALESCE("on_earliest", '-infinity'::date) ELSE 'infinity'::date END]), "id");
CREATE INDEX "event_participant_in_order_idx" ON "event_participant" ("actor_id", (ARRAY[COALESCE("event_latest", 'infinity'::date), CASE WHEN num_nonnulls("event_earliest", "event_latest") > 0 THEN COALESCE("event_earliest", '-infinity'::date) ELSE 'infinity'::date END]), "event_id");
