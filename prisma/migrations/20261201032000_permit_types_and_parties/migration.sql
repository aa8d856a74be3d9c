-- Permits: type, several destinations, further parties, a number of permits; annulled and upheld by judgments; first known in a
-- later state.
ALTER TABLE "permit"
  ADD COLUMN "type" TEXT,
  ADD COLUMN "permit_count" DOUBLE PRECISION,
  ADD COLUMN "permit_count_low" DOUBLE PRECISION,
  ADD COLUMN "permit_count_high" DOUBLE PRECISION,
  ADD COLUMN "permit_count_excludes" TEXT,
  ADD COLUMN "permit_count_as_stated" TEXT;
ALTER TABLE "permit" ADD CONSTRAINT "permit_type_check"
  CHECK ("type" IN ('export', 're-export', 'transit', 'brokering', 'temporary', 'open', 'technical-assistance', 'intangible'));
ALTER TABLE "permit" ADD CONSTRAINT "permit_permit_count_check" CHECK (
  "permit_count" > 0 AND "permit_count_low" >= 0 AND "permit_count_low" <= "permit_count_high"
  AND ("permit_count" IS NULL OR num_nonnulls("permit_count_low", "permit_count_high", "permit_count_excludes") = 0)
  AND "permit_count_excludes" IN ('low', 'high', 'both')
);

CREATE TABLE "permit_destination" (
  "permit_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "actor_id" UUID NOT NULL,
  CONSTRAINT "permit_destination_pkey" PRIMARY KEY ("permit_id", "position")
);
CREATE INDEX "permit_destination_actor_id_permit_id_idx" ON "permit_destination" ("actor_id", "permit_id");
ALTER TABLE "permit_destination" ADD CONSTRAINT "permit_destination_permit_id_fkey" FOREIGN KEY ("permit_id") REFERENCES "permit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "permit_destination" ADD CONSTRAINT "permit_destination_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "permit_party" (
  "permit_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "actor_id" UUID NOT NULL,
  "role" TEXT NOT NULL,
  CONSTRAINT "permit_party_pkey" PRIMARY KEY ("permit_id", "position"),
  CONSTRAINT "permit_party_role_check" CHECK ("role" IN ('broker', 'carrier', 'intermediary', 'manufacturer'))
);
CREATE INDEX "permit_party_actor_id_permit_id_idx" ON "permit_party" ("actor_id", "permit_id");
ALTER TABLE "permit_party" ADD CONSTRAINT "permit_party_permit_id_fkey" FOREIGN KEY ("permit_id") REFERENCES "permit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "permit_party" ADD CONSTRAINT "permit_party_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "permit" DROP CONSTRAINT "permit_status_check";
ALTER TABLE "permit" ADD CONSTRAINT "permit_status_check"
  CHECK ("status" IN ('issued', 'refused', 'suspended', 'cancelled', 'expired', 'annulled'));
ALTER TABLE "event_effect" DROP CONSTRAINT "event_effect_becomes_check";
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_becomes_check" CHECK (
  ("permit_id" IS NOT NULL AND "becomes" IN ('issued', 'refused', 'amended', 'suspended', 'reinstated', 'cancelled', 'expired', 'annulled', 'upheld'))
  OR ("measure_id" IS NOT NULL AND "becomes" IN ('imposed', 'amended', 'suspended', 'lifted')));

-- A permit that no event issued, but that others changed, was issued by the last possible day of the first of these events.
CREATE OR REPLACE FUNCTION settle_permits(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  UPDATE permit SET status = now.status, issued_earliest = now.earliest, issued_latest = now.latest
  FROM (
    SELECT given.id, issuing.on_earliest AS earliest,
      CASE WHEN issue.event_id IS NULL THEN presumed.latest ELSE issuing.on_latest END AS latest,
      COALESCE((SELECT CASE effect.becomes WHEN 'reinstated' THEN 'issued' ELSE effect.becomes END
        FROM event_effect AS effect JOIN event ON event.id = effect.event_id
        WHERE effect.permit_id = given.id AND effect.becomes NOT IN ('amended', 'upheld')
        ORDER BY COALESCE(event.on_earliest, '-infinity'::date) DESC, COALESCE(event.on_latest, 'infinity'::date) DESC,
          effect.event_id DESC, effect.position DESC
        LIMIT 1), presumed.status) AS status
    FROM (SELECT DISTINCT id FROM unnest(ids) AS id WHERE id IS NOT NULL) AS given
    LEFT JOIN event_effect AS issue ON issue.permit_id = given.id AND issue.becomes = 'issued'
    LEFT JOIN event AS issuing ON issuing.id = issue.event_id
    LEFT JOIN LATERAL (
      SELECT 'issued' AS status, min(event.on_latest) AS latest
      FROM event_effect AS effect JOIN event ON event.id = effect.event_id
      WHERE issue.event_id IS NULL AND effect.permit_id = given.id
      HAVING count(*) > 0 AND NOT bool_or(effect.becomes IN ('issued', 'refused'))
    ) AS presumed ON true
  ) AS now
  WHERE permit.id = now.id
    AND (permit.status, permit.issued_earliest, permit.issued_latest) IS DISTINCT FROM (now.status, now.earliest, now.latest)
$$;
