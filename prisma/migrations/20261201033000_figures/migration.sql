-- Totals that sources state.
CREATE TABLE "figure" (
  "id" UUID NOT NULL,
  "measure" TEXT NOT NULL,
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
  "from_id" UUID,
  "to_id" UUID,
  "good_id" UUID,
  "control_lists" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "control_codes" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "category" TEXT,
  "period_edtf" TEXT,
  "period_as_stated" TEXT,
  "period_reasoning" TEXT,
  "period_earliest" DATE,
  "period_latest" DATE,
  "scope" TEXT,
  CONSTRAINT "figure_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "figure_measure_check" CHECK ("measure" IN ('licences', 'applications', 'refusals', 'suspensions', 'cancellations',
    'licensed-value', 'refused-value', 'ordered-value', 'exported-value', 'units-licensed', 'units-exported')),
  CONSTRAINT "figure_amount_check" CHECK (
    ("measure" IN ('licensed-value', 'refused-value', 'ordered-value', 'exported-value')) = ("value_currency" IS NOT NULL)
    AND ("value_currency" IS NULL) = (num_nonnulls("quantity", "quantity_low", "quantity_high", "quantity_as_stated") > 0)
  ),
  CONSTRAINT "figure_value_check" CHECK (
    ("value_currency" IS NULL) = (num_nonnulls("value_amount", "value_low", "value_high", "value_as_stated") = 0)
    AND ("value_amount" IS NULL OR num_nonnulls("value_low", "value_high", "value_excludes") = 0)
    AND "value_amount" >= 0 AND "value_low" >= 0 AND "value_low" <= "value_high"
    AND "value_excludes" IN ('low', 'high', 'both') AND "value_currency" ~ '^[A-Z]{3}$'
  ),
  CONSTRAINT "figure_quantity_check" CHECK (
    "quantity" >= 0 AND "quantity_low" >= 0 AND "quantity_low" <= "quantity_high"
    AND ("quantity" IS NULL OR num_nonnulls("quantity_low", "quantity_high", "quantity_excludes") = 0)
    AND "quantity_excludes" IN ('low', 'high', 'both')
  ),
  CONSTRAINT "figure_period_order_check" CHECK ("period_earliest" <= "period_latest")
);

ALTER TABLE "figure" ADD CONSTRAINT "figure_id_fkey" FOREIGN KEY ("id") REFERENCES "record" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "figure" ADD CONSTRAINT "figure_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "actor" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "figure" ADD CONSTRAINT "figure_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "actor" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "figure" ADD CONSTRAINT "figure_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good" ("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE INDEX "figure_from_id_idx" ON "figure" ("from_id");
CREATE INDEX "figure_to_id_idx" ON "figure" ("to_id");
CREATE INDEX "figure_good_id_idx" ON "figure" ("good_id");
CREATE INDEX "figure_period_idx" ON "figure" ((COALESCE("period_earliest", '-infinity'::date)), "id");
CREATE INDEX "figure_value_idx" ON "figure" ((COALESCE("value_amount", "value_low", "value_high", -1)), "id");

ALTER TABLE "record" DROP CONSTRAINT "record_kind_check";
ALTER TABLE "record" ADD CONSTRAINT "record_kind_check"
  CHECK ("kind" IN ('case', 'article', 'actor', 'affiliation', 'good', 'permit', 'measure', 'event', 'figure'));
