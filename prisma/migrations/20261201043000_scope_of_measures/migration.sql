-- Measures: several targets, legal instrument, stated end, and a scope in goods and control list entries.
ALTER TABLE "measure"
  ADD COLUMN "legal_instrument" TEXT,
  ADD COLUMN "stated_end_edtf" TEXT,
  ADD COLUMN "stated_end_as_stated" TEXT,
  ADD COLUMN "stated_end_reasoning" TEXT,
  ADD COLUMN "stated_end_earliest" DATE,
  ADD COLUMN "stated_end_latest" DATE;
ALTER TABLE "measure" ADD CONSTRAINT "measure_stated_end_order_check" CHECK ("stated_end_earliest" <= "stated_end_latest");

CREATE TABLE "measure_target" (
  "measure_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "actor_id" UUID NOT NULL,
  CONSTRAINT "measure_target_pkey" PRIMARY KEY ("measure_id", "position")
);
CREATE INDEX "measure_target_actor_id_measure_id_idx" ON "measure_target" ("actor_id", "measure_id");
ALTER TABLE "measure_target" ADD CONSTRAINT "measure_target_measure_id_fkey" FOREIGN KEY ("measure_id") REFERENCES "measure" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "measure_target" ADD CONSTRAINT "measure_target_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "measure_scope" (
  "measure_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "effect" TEXT NOT NULL,
  "good_id" UUID,
  "list" TEXT,
  "code" TEXT,
  CONSTRAINT "measure_scope_pkey" PRIMARY KEY ("measure_id", "position"),
  CONSTRAINT "measure_scope_effect_check" CHECK ("effect" IN ('covers', 'excludes')),
  CONSTRAINT "measure_scope_one_check" CHECK (num_nonnulls("good_id", "code") = 1 AND ("list" IS NULL OR "code" IS NOT NULL))
);
CREATE INDEX "measure_scope_good_id_measure_id_idx" ON "measure_scope" ("good_id", "measure_id");
ALTER TABLE "measure_scope" ADD CONSTRAINT "measure_scope_measure_id_fkey" FOREIGN KEY ("measure_id") REFERENCES "measure" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "measure_scope" ADD CONSTRAINT "measure_scope_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good" ("id") ON DELETE RESTRICT ON UPDATE CASCADE;
