-- Uses are few beside permit decisions: with their type first they are found by good, and can be read through as well.

-- DropIndex
DROP INDEX "event_good_good_id_event_type_event_id_idx";

-- CreateIndex
CREATE INDEX "event_good_good_id_event_id_idx" ON "event_good"("good_id", "event_id");

-- CreateIndex
CREATE INDEX "event_good_event_type_good_id_event_id_idx" ON "event_good"("event_type", "good_id", "event_id");
