-- Affiliations of other types than posts, with the share that is owned.
ALTER TABLE "affiliation"
  ADD COLUMN "type" TEXT NOT NULL DEFAULT 'post',
  ADD COLUMN "share" DOUBLE PRECISION,
  ADD COLUMN "share_low" DOUBLE PRECISION,
  ADD COLUMN "share_high" DOUBLE PRECISION,
  ADD COLUMN "share_excludes" TEXT,
  ADD COLUMN "share_as_stated" TEXT;
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_type_check" CHECK ("type" IN ('post', 'membership', 'ownership', 'part-of', 'successor'));
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_share_check" CHECK (
  "share" > 0 AND "share_low" >= 0 AND "share_low" <= "share_high"
  AND ("share" IS NULL OR num_nonnulls("share_low", "share_high", "share_excludes") = 0)
  AND "share_excludes" IN ('low', 'high', 'both')
  AND ("share_excludes" IS NULL OR "share_excludes" = 'high' OR "share_low" IS NOT NULL)
  AND ("share_excludes" IS NULL OR "share_excludes" = 'low' OR "share_high" IS NOT NULL)
  AND "share" <= 100 AND "share_low" <= 100 AND "share_high" <= 100
  AND ("type" = 'ownership' OR num_nonnulls("share", "share_low", "share_high", "share_as_stated") = 0)
);

-- More types of events and roles.
ALTER TABLE "event" DROP CONSTRAINT "event_type_check";
ALTER TABLE "event" ADD CONSTRAINT "event_type_check" CHECK ("type" IN ('application', 'request', 'assurance', 'recommendation', 'permit-decision', 'measure-decision', 'delivery', 'transfer', 'use', 'report', 'inquiry', 'disclosure', 'statement', 'contract', 'payment', 'complaint', 'judgment', 'verification-visit', 'seizure', 'incident', 'vote', 'arrest'));
ALTER TABLE "event_participant" DROP CONSTRAINT "event_participant_role_check";
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_role_check" CHECK ("role" IN ('imposer', 'target', 'issuer', 'applicant', 'exporter', 'consignee', 'end-user', 'requester', 'addressee', 'assurer', 'author', 'speaker', 'reporter', 'investigator', 'discloser', 'supplier', 'user', 'opponent', 'subject', 'broker', 'carrier', 'transit-state', 'seller', 'buyer', 'claimant', 'defendant', 'court', 'inspector', 'victim', 'financier'));

-- Quantities and values of the goods of an event.
CREATE TABLE "event_item" (
  "event_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "good_id" UUID NOT NULL,
  "quantity" DOUBLE PRECISION,
  "quantity_low" DOUBLE PRECISION,
  "quantity_high" DOUBLE PRECISION,
  "quantity_excludes" TEXT,
  "quantity_as_stated" TEXT,
  "unit" TEXT,
  "value_amount" DECIMAL(20,4),
  "value_currency" TEXT,
  "value_low" DECIMAL(20,4),
  "value_high" DECIMAL(20,4),
  "value_excludes" TEXT,
  "value_as_stated" TEXT,
  CONSTRAINT "event_item_pkey" PRIMARY KEY ("event_id", "position")
);
CREATE INDEX "event_item_good_id_event_id_idx" ON "event_item"("good_id", "event_id");
ALTER TABLE "event_item" ADD CONSTRAINT "event_item_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "event_item" ADD CONSTRAINT "event_item_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "event_item" ADD CONSTRAINT "event_item_quantity_check" CHECK (
  "quantity" > 0 AND "quantity_low" >= 0 AND "quantity_low" <= "quantity_high"
  AND ("quantity" IS NULL OR num_nonnulls("quantity_low", "quantity_high", "quantity_excludes") = 0)
  AND "quantity_excludes" IN ('low', 'high', 'both')
  AND ("quantity_excludes" IS NULL OR "quantity_excludes" = 'high' OR "quantity_low" IS NOT NULL)
  AND ("quantity_excludes" IS NULL OR "quantity_excludes" = 'low' OR "quantity_high" IS NOT NULL)
);
ALTER TABLE "event_item" ADD CONSTRAINT "event_item_value_check" CHECK (
  ("value_currency" IS NULL) = (num_nonnulls("value_amount", "value_low", "value_high", "value_as_stated") = 0)
  AND ("value_amount" IS NULL OR num_nonnulls("value_low", "value_high", "value_excludes") = 0)
  AND "value_amount" >= 0 AND "value_low" >= 0 AND "value_low" <= "value_high"
  AND "value_excludes" IN ('low', 'high', 'both')
  AND ("value_excludes" IS NULL OR "value_excludes" = 'high' OR "value_low" IS NOT NULL)
  AND ("value_excludes" IS NULL OR "value_excludes" = 'low' OR "value_high" IS NOT NULL)
  AND "value_currency" ~ '^[A-Z]{3}$'
);

-- Victims of an event.
CREATE TABLE "event_victim" (
  "event_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "outcome" TEXT NOT NULL,
  "who" TEXT,
  "count" DOUBLE PRECISION,
  "count_low" DOUBLE PRECISION,
  "count_high" DOUBLE PRECISION,
  "count_excludes" TEXT,
  "count_as_stated" TEXT,
  CONSTRAINT "event_victim_pkey" PRIMARY KEY ("event_id", "position")
);
ALTER TABLE "event_victim" ADD CONSTRAINT "event_victim_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "event_victim" ADD CONSTRAINT "event_victim_outcome_check" CHECK ("outcome" IN ('killed', 'injured', 'missing', 'displaced', 'detained'));
ALTER TABLE "event_victim" ADD CONSTRAINT "event_victim_count_check" CHECK (
  "count" > 0 AND "count_low" >= 0 AND "count_low" <= "count_high"
  AND ("count" IS NULL OR num_nonnulls("count_low", "count_high", "count_excludes") = 0)
  AND "count_excludes" IN ('low', 'high', 'both')
  AND ("count_excludes" IS NULL OR "count_excludes" = 'high' OR "count_low" IS NOT NULL)
  AND ("count_excludes" IS NULL OR "count_excludes" = 'low' OR "count_high" IS NOT NULL)
);
