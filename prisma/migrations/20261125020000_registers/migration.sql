-- AlterTable
ALTER TABLE "article" ADD COLUMN     "type" TEXT NOT NULL DEFAULT 'other',
ALTER COLUMN "body" DROP NOT NULL,
ALTER COLUMN "source" DROP NOT NULL;

-- AlterTable
ALTER TABLE "permit" ADD COLUMN     "end_destination_id" UUID,
ADD COLUMN     "valid_until_as_stated" TEXT,
ADD COLUMN     "valid_until_earliest" DATE,
ADD COLUMN     "valid_until_edtf" TEXT,
ADD COLUMN     "valid_until_latest" DATE,
ADD COLUMN     "valid_until_reasoning" TEXT,
ADD COLUMN     "value_amount" DECIMAL(20,4),
ADD COLUMN     "value_currency" TEXT;

-- AlterTable
ALTER TABLE "permit_item" ADD COLUMN     "control_codes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "control_lists" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "citation" ADD COLUMN     "fragment" TEXT;

-- CreateTable
CREATE TABLE "article_part" (
    "article_id" UUID NOT NULL,
    "start_at" INTEGER NOT NULL,
    "length" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "source" BYTEA NOT NULL,

    CONSTRAINT "article_part_pkey" PRIMARY KEY ("article_id","start_at")
);

-- CreateIndex
CREATE INDEX "article_type_id_idx" ON "article"("type", "id");

-- AddForeignKey
ALTER TABLE "article_part" ADD CONSTRAINT "article_part_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_end_destination_id_fkey" FOREIGN KEY ("end_destination_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "article" ADD CONSTRAINT "article_type_check" CHECK ("type" IN ('news-article', 'press-release', 'report', 'memo', 'letter', 'transcript', 'legal-text', 'data-set', 'web-page', 'other'));
ALTER TABLE "article_part" ADD CONSTRAINT "article_part_length_check" CHECK (0 <= "start_at" AND 0 < "length" AND char_length("text") = "length");
ALTER TABLE "article_part" ADD CONSTRAINT "article_part_sha256_check" CHECK ("sha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "permit" ADD CONSTRAINT "permit_value_check" CHECK (("value_amount" IS NULL) = ("value_currency" IS NULL) AND "value_amount" >= 0 AND "value_currency" ~ '^[A-Z]{3}$');
ALTER TABLE "permit" ADD CONSTRAINT "permit_valid_until_order_check" CHECK ("valid_until_earliest" <= "valid_until_latest");
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_control_check" CHECK (cardinality("control_lists") = cardinality("control_codes"));
CREATE INDEX "permit_item_control_codes_idx" ON "permit_item" USING gin ("control_codes");
CREATE INDEX "permit_end_destination_issued_idx" ON "permit" ("end_destination_id", (COALESCE("issued_earliest", '-infinity'::date)), "id");
CREATE INDEX "permit_re_export_issued_idx" ON "permit" ((COALESCE("issued_earliest", '-infinity'::date)), "id") WHERE "destination_id" <> "end_destination_id";
CREATE INDEX "permit_value_idx" ON "permit" ((COALESCE("value_amount", -1)), "id");
