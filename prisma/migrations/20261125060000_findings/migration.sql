-- The uses of a good are looked up by good and type of event; most events of a good are permit decisions.

-- CreateIndex
CREATE UNIQUE INDEX "event_id_type_key" ON "event"("id", "type");

-- DropForeignKey
ALTER TABLE "event_good" DROP CONSTRAINT "event_good_event_id_fkey";

-- DropIndex
DROP INDEX "event_good_good_id_event_id_idx";

-- AlterTable
ALTER TABLE "event_good" ADD COLUMN "event_type" TEXT;
UPDATE "event_good" SET "event_type" = "event"."type" FROM "event" WHERE "event"."id" = "event_good"."event_id";
ALTER TABLE "event_good" ALTER COLUMN "event_type" SET NOT NULL;

-- CreateIndex
CREATE INDEX "event_good_good_id_event_type_event_id_idx" ON "event_good"("good_id", "event_type", "event_id");

-- AddForeignKey
ALTER TABLE "event_good" ADD CONSTRAINT "event_good_event_fkey" FOREIGN KEY ("event_id", "event_type") REFERENCES "event"("id", "type") ON DELETE RESTRICT ON UPDATE CASCADE;
