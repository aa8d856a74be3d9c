-- What events made of a permit, beside it: a list of permits is sorted and filtered by it out of an index.
-- docs/decisions/0009-settled-permits.md says why, and why no writer can forget it.
ALTER TABLE "permit" ADD COLUMN "status" TEXT, ADD COLUMN "issued_earliest" DATE, ADD COLUMN "issued_latest" DATE;
ALTER TABLE "permit" ADD CONSTRAINT "permit_status_check" CHECK ("status" IN ('issued', 'refused', 'suspended', 'cancelled', 'expired'));

CREATE FUNCTION settle_permits(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  UPDATE permit SET status = now.status, issued_earliest = now.earliest, issued_latest = now.latest
  FROM (
    SELECT given.id, issuing.on_earliest AS earliest, issuing.on_latest AS latest,
      (SELECT CASE effect.becomes WHEN 'reinstated' THEN 'issued' ELSE effect.becomes END
        FROM event_effect AS effect JOIN event ON event.id = effect.event_id
        WHERE effect.permit_id = given.id AND effect.becomes <> 'amended'
        ORDER BY COALESCE(event.on_earliest, '-infinity'::date) DESC, COALESCE(event.on_latest, 'infinity'::date) DESC,
          effect.event_id DESC, effect.position DESC
        LIMIT 1) AS status
    FROM (SELECT DISTINCT id FROM unnest(ids) AS id WHERE id IS NOT NULL) AS given
    LEFT JOIN event_effect AS issue ON issue.permit_id = given.id AND issue.becomes = 'issued'
    LEFT JOIN event AS issuing ON issuing.id = issue.event_id
  ) AS now
  WHERE permit.id = now.id
    AND (permit.status, permit.issued_earliest, permit.issued_latest) IS DISTINCT FROM (now.status, now.earliest, now.latest)
$$;

CREATE FUNCTION settle_permits_of_effects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_permits(ARRAY(SELECT permit_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_effect_made" AFTER INSERT ON "event_effect" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_permits_of_effects();
CREATE TRIGGER "event_effect_moved_from" AFTER UPDATE ON "event_effect" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_permits_of_effects();
CREATE TRIGGER "event_effect_moved_to" AFTER UPDATE ON "event_effect" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_permits_of_effects();
CREATE TRIGGER "event_effect_undone" AFTER DELETE ON "event_effect" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_permits_of_effects();

CREATE FUNCTION settle_permits_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_permits(ARRAY(SELECT effect.permit_id FROM changed JOIN event_effect AS effect ON effect.event_id = changed.id));
  RETURN NULL;
END $$;
CREATE TRIGGER "event_dated" AFTER UPDATE ON "event" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION settle_permits_of_events();

SELECT settle_permits(ARRAY(SELECT permit_id FROM event_effect));

-- A permit whose date is not known sorts before all others.
DROP INDEX "permit_issuer_id_id_idx", "permit_exporter_id_id_idx", "permit_consignee_id_id_idx", "permit_end_user_id_id_idx", "permit_destination_id_id_idx";
CREATE INDEX "permit_issued_idx" ON "permit" ((COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_issued_latest_idx" ON "permit" ((COALESCE("issued_latest", 'infinity'::date)), "id");
CREATE INDEX "permit_status_issued_idx" ON "permit" ("status", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_issuer_issued_idx" ON "permit" ("issuer_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_exporter_issued_idx" ON "permit" ("exporter_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_consignee_issued_idx" ON "permit" ("consignee_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_end_user_issued_idx" ON "permit" ("end_user_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_destination_issued_idx" ON "permit" ("destination_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
