-- Amounts as sources state them: exact, or a range with the words.
ALTER TABLE "permit"
  ADD COLUMN "value_low" DECIMAL(20,4),
  ADD COLUMN "value_high" DECIMAL(20,4),
  ADD COLUMN "value_excludes" TEXT,
  ADD COLUMN "value_as_stated" TEXT;

ALTER TABLE "permit_item"
  ADD COLUMN "quantity_low" DOUBLE PRECISION,
  ADD COLUMN "quantity_high" DOUBLE PRECISION,
  ADD COLUMN "quantity_excludes" TEXT,
  ADD COLUMN "quantity_as_stated" TEXT,
  ADD COLUMN "value_amount" DECIMAL(20,4),
  ADD COLUMN "value_currency" TEXT,
  ADD COLUMN "value_low" DECIMAL(20,4),
  ADD COLUMN "value_high" DECIMAL(20,4),
  ADD COLUMN "value_excludes" TEXT,
  ADD COLUMN "value_as_stated" TEXT;

-- An exact amount has no bounds beside it, and an excluded bound is there.
ALTER TABLE "permit" DROP CONSTRAINT "permit_value_check";
ALTER TABLE "permit" ADD CONSTRAINT "permit_value_check" CHECK (
  ("value_currency" IS NULL) = (num_nonnulls("value_amount", "value_low", "value_high", "value_as_stated") = 0)
  AND ("value_amount" IS NULL OR num_nonnulls("value_low", "value_high", "value_excludes") = 0)
  AND "value_amount" >= 0 AND "value_low" >= 0 AND "value_low" <= "value_high"
  AND "value_excludes" IN ('low', 'high', 'both')
  AND ("value_excludes" IS NULL OR "value_excludes" = 'high' OR "value_low" IS NOT NULL)
  AND ("value_excludes" IS NULL OR "value_excludes" = 'low' OR "value_high" IS NOT NULL)
  AND "value_currency" ~ '^[A-Z]{3}$'
);
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_value_check" CHECK (
  ("value_currency" IS NULL) = (num_nonnulls("value_amount", "value_low", "value_high", "value_as_stated") = 0)
  AND ("value_amount" IS NULL OR num_nonnulls("value_low", "value_high", "value_excludes") = 0)
  AND "value_amount" >= 0 AND "value_low" >= 0 AND "value_low" <= "value_high"
  AND "value_excludes" IN ('low', 'high', 'both')
  AND ("value_excludes" IS NULL OR "value_excludes" = 'high' OR "value_low" IS NOT NULL)
  AND ("value_excludes" IS NULL OR "value_excludes" = 'low' OR "value_high" IS NOT NULL)
  AND "value_currency" ~ '^[A-Z]{3}$'
);
ALTER TABLE "permit_item" DROP CONSTRAINT "permit_item_quantity_check";
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_quantity_check" CHECK (
  "quantity" > 0 AND "quantity_low" >= 0 AND "quantity_low" <= "quantity_high"
  AND ("quantity" IS NULL OR num_nonnulls("quantity_low", "quantity_high", "quantity_excludes") = 0)
  AND "quantity_excludes" IN ('low', 'high', 'both')
  AND ("quantity_excludes" IS NULL OR "quantity_excludes" = 'high' OR "quantity_low" IS NOT NULL)
  AND ("quantity_excludes" IS NULL OR "quantity_excludes" = 'low' OR "quantity_high" IS NOT NULL)
);

-- The sort `value` takes the least that a value can be.
DROP INDEX "permit_value_idx";
CREATE INDEX "permit_value_idx" ON "permit" ((COALESCE("value_amount", "value_low", "value_high", -1)), "id");
