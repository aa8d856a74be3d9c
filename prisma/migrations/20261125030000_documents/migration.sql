-- AlterTable
ALTER TABLE "article" ADD COLUMN "fingerprints" BIGINT[] DEFAULT ARRAY[]::BIGINT[];

-- AlterTable
ALTER TABLE "article_span" ADD COLUMN "page" INTEGER;

-- CreateTable
CREATE TABLE "article_metadata" (
    "article_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "found_in" TEXT NOT NULL,

    CONSTRAINT "article_metadata_pkey" PRIMARY KEY ("article_id","position")
);

-- AddForeignKey
ALTER TABLE "article_metadata" ADD CONSTRAINT "article_metadata_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "article_span" DROP CONSTRAINT "article_span_type_check";
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_type_check" CHECK ("type" IN ('article', 'caption', 'page', 'boilerplate', 'navigation', 'teaser'));
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_page_check" CHECK ("page" > 0);
ALTER TABLE "article_metadata" ADD CONSTRAINT "article_metadata_name_check" CHECK ("name" IN ('title', 'byline', 'published', 'modified', 'language', 'canonicalUrl', 'siteName', 'description', 'encoding'));

-- Texts that share a fingerprint are found by it. An article that was stored before has none until it is stored anew.
CREATE INDEX "article_fingerprints_idx" ON "article" USING gin ("fingerprints");
