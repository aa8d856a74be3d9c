-- CreateTable
CREATE TABLE "submitted_draft" (
    "article_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "draft" JSONB NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "reasons" TEXT[],
    "proposers" JSONB NOT NULL,

    CONSTRAINT "submitted_draft_pkey" PRIMARY KEY ("article_id","hash")
);

-- AddForeignKey
ALTER TABLE "submitted_draft" ADD CONSTRAINT "submitted_draft_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Checks
ALTER TABLE "submitted_draft" ADD CONSTRAINT "submitted_draft_kind_check" CHECK ("kind" IN ('actor', 'affiliation', 'good', 'permit', 'measure', 'event'));
ALTER TABLE "submitted_draft" ADD CONSTRAINT "submitted_draft_score_check" CHECK ("score" BETWEEN 0 AND 1);
ALTER TABLE "access_key" DROP CONSTRAINT "access_key_scope_check";
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_scope_check" CHECK ("scope" IN ('read', 'propose', 'write', 'admin'));
