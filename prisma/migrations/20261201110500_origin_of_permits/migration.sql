-- The state that the goods come from, and states that they pass through.
ALTER TABLE "permit_party" DROP CONSTRAINT "permit_party_role_check";
ALTER TABLE "permit_party" ADD CONSTRAINT "permit_party_role_check"
  CHECK ("role" IN ('broker', 'carrier', 'intermediary', 'manufacturer', 'origin', 'transit-state'));
