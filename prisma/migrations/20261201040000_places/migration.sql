-- Places become records: with history, ETags, search and merges. They stay reference data, which needs no citation.
ALTER TABLE "record" DROP CONSTRAINT "record_kind_check";
ALTER TABLE "record" ADD CONSTRAINT "record_kind_check" CHECK ("kind" IN ('case', 'article', 'actor', 'affiliation', 'good', 'permit', 'measure', 'event', 'figure', 'place'));

INSERT INTO "record" ("id", "kind", "slug", "name", "revision")
  SELECT place."id", 'place', place."slug", place."name", COALESCE(
    (SELECT max(snapshot."revision") FROM "ledger_document" AS snapshot WHERE snapshot."record_id" = place."id"),
    (SELECT max("number") FROM "revision")
  )
  FROM "place";

DROP INDEX "place_slug_key";
ALTER TABLE "place"
  DROP COLUMN "slug",
  DROP COLUMN "name",
  ADD COLUMN "within_id" UUID,
  ADD COLUMN "coordinates_source" TEXT;
ALTER TABLE "place" ADD CONSTRAINT "place_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "place" ADD CONSTRAINT "place_within_id_fkey" FOREIGN KEY ("within_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "place" ADD CONSTRAINT "place_within_check" CHECK ("within_id" <> "id");
ALTER TABLE "place" ADD CONSTRAINT "place_position_check" CHECK (("latitude" IS NULL) = ("longitude" IS NULL));
CREATE INDEX "place_country_idx" ON "place"("country");
CREATE INDEX "place_within_id_idx" ON "place"("within_id");

CREATE TABLE "place_name" (
  "place_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "language" TEXT,
  CONSTRAINT "place_name_pkey" PRIMARY KEY ("place_id", "position")
);
ALTER TABLE "place_name" ADD CONSTRAINT "place_name_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "place_identifier" (
  "place_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "scheme" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  CONSTRAINT "place_identifier_pkey" PRIMARY KEY ("place_id", "position")
);
CREATE UNIQUE INDEX "place_identifier_scheme_value_key" ON "place_identifier"("scheme", "value");
ALTER TABLE "place_identifier" ADD CONSTRAINT "place_identifier_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

SELECT refresh_search(ARRAY(SELECT "id" FROM "place"));
