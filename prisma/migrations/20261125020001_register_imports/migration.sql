-- AlterTable
ALTER TABLE "article" ADD COLUMN     "register" TEXT;

-- AlterTable
ALTER TABLE "permit" ADD COLUMN     "register" TEXT,
ADD COLUMN     "register_key" TEXT;

-- CreateIndex
CREATE INDEX "article_register_id_idx" ON "article"("register", "id");

-- CreateIndex
CREATE UNIQUE INDEX "permit_register_key" ON "permit"("register", "register_key");

-- What Prisma's schema cannot say.

-- Only permits of registers are in this index.
DROP INDEX "permit_register_key";
CREATE UNIQUE INDEX "permit_register_key" ON "permit" ("register", "register_key") WHERE "register" IS NOT NULL;
ALTER TABLE "permit" ADD CONSTRAINT "permit_register_check" CHECK (("register" IS NULL) = ("register_key" IS NULL));

-- The parts of a text are written before its article, whose hash is known when all of it was read.
ALTER TABLE "article_part" ALTER CONSTRAINT "article_part_article_id_fkey" DEFERRABLE INITIALLY DEFERRED;

-- An import writes permits with what their events make of them, and says so for its transaction; the trigger would
-- look each of them up to find nothing to change.
DROP TRIGGER "event_effect_made" ON "event_effect";
CREATE TRIGGER "event_effect_made" AFTER INSERT ON "event_effect" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT WHEN (current_setting('casefile.settled', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION settle_permits_of_effects();
