-- A submitted draft is neither in the ledger nor derived: it has a digest beside it.
ALTER TABLE "submitted_draft" ADD COLUMN "digest" TEXT NOT NULL DEFAULT '';
UPDATE "submitted_draft" SET "digest" = row_digest("submitted_draft");
ALTER TABLE "submitted_draft" ALTER COLUMN "digest" DROP DEFAULT;
