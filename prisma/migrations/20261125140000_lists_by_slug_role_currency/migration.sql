-- Of slugs the order is that of their bytes, everywhere: the index that keeps them unique serves lists by slug as well.
ALTER TABLE "record" ALTER COLUMN "slug" TYPE text COLLATE "C";

-- CreateIndex
CREATE INDEX "event_participant_role_event_id_idx" ON "event_participant"("role", "event_id");

-- As for the other filters of permits: a page in its order, of those that have a value.
CREATE INDEX "permit_currency_issued_idx" ON "permit"
  ("value_currency", (COALESCE("issued_earliest", '-infinity'::date)), "id") WHERE "value_currency" IS NOT NULL;
