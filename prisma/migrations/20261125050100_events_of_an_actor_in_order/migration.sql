-- The bounds of an event's date beside each participant: an actor's events come out of one index in the order of a
-- timeline. docs/decisions/0012-order-of-a-timeline.md says why.
ALTER TABLE "event_participant" ADD COLUMN "event_earliest" DATE, ADD COLUMN "event_latest" DATE;

CREATE FUNCTION date_participants(events uuid[]) RETURNS void LANGUAGE sql AS $$
  UPDATE event_participant AS part SET event_earliest = event.on_earliest, event_latest = event.on_latest
  FROM event
  WHERE event.id = ANY(events) AND part.event_id = event.id
    AND (part.event_earliest, part.event_latest) IS DISTINCT FROM (event.on_earliest, event.on_latest)
$$;

-- After the statement: one statement writes an event and its participants.
CREATE FUNCTION date_new_participants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM date_participants(ARRAY(SELECT DISTINCT event_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_participant_made" AFTER INSERT ON "event_participant" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION date_new_participants();

CREATE FUNCTION date_participants_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM date_participants(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_dates_participants" AFTER UPDATE ON "event" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION date_participants_of_events();

UPDATE event_participant SET event_earliest = event.on_earliest, event_latest = event.on_latest
  FROM event WHERE event.id = event_participant.event_id;

-- An event without a bound has no date, and stands last.
DROP INDEX "event_in_order_idx";
CREATE INDEX "event_in_order_idx" ON "event" ((ARRAY[COALESCE("on_latest", 'infinity'::date), CASE WHEN num_nonnulls("on_earliest", "on_latest") > 0 THEN COALESCE("on_earliest", '-infinity'::date) ELSE 'infinity'::date END]), "id");
CREATE INDEX "event_participant_in_order_idx" ON "event_participant" ("actor_id", (ARRAY[COALESCE("event_latest", 'infinity'::date), CASE WHEN num_nonnulls("event_earliest", "event_latest") > 0 THEN COALESCE("event_earliest", '-infinity'::date) ELSE 'infinity'::date END]), "event_id");
