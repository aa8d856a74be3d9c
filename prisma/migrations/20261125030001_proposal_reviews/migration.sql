-- CreateTable
CREATE TABLE "proposal_review" (
    "article_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "record_id" UUID,
    "reason" TEXT,
    "author" TEXT NOT NULL,
    "key_id" UUID,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "proposal_review_pkey" PRIMARY KEY ("article_id","hash")
);

-- CreateIndex
CREATE INDEX "proposal_review_record_id_idx" ON "proposal_review"("record_id");

-- CreateIndex
CREATE INDEX "proposal_review_key_id_idx" ON "proposal_review"("key_id");

-- AddForeignKey
ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "record"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "access_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_decision_check" CHECK ("decision" IN ('accepted', 'rejected', 'merged'));
ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_hash_check" CHECK ("hash" ~ '^[0-9a-f]{16}$');
ALTER TABLE "proposal_review" ADD CONSTRAINT "proposal_review_record_check" CHECK ("decision" <> 'rejected' OR "record_id" IS NULL);
