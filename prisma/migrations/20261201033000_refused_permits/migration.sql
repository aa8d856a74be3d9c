-- Findings look up the permits that were refused for a destination.
CREATE INDEX "permit_refused_destination_idx" ON "permit" ("destination_id", "id") WHERE "status" = 'refused';
CREATE INDEX "permit_refused_end_destination_idx" ON "permit" ("end_destination_id", "id") WHERE "status" = 'refused';
