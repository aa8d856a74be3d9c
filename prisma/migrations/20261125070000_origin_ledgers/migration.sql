-- CreateTable
CREATE TABLE "origin_revision" (
    "ledger" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "facts" TEXT NOT NULL,

    CONSTRAINT "origin_revision_pkey" PRIMARY KEY ("ledger","number")
);

-- CreateTable
CREATE TABLE "origin_document" (
    "ledger" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "record_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "origin_document_pkey" PRIMARY KEY ("record_id","ledger","number")
);

-- CreateTable
CREATE TABLE "origin_text" (
    "hash" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "origin_text_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "origin_document_ledger_number_idx" ON "origin_document"("ledger", "number");

-- AddForeignKey
ALTER TABLE "origin_document" ADD CONSTRAINT "origin_document_ledger_number_fkey" FOREIGN KEY ("ledger", "number") REFERENCES "origin_revision"("ledger", "number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "origin_revision" ADD CONSTRAINT "origin_revision_hashes_check" CHECK ("hash" ~ '^[0-9a-f]{64}$' AND "ledger" ~ '^[0-9a-f]{64}$');
ALTER TABLE "origin_document" ADD CONSTRAINT "origin_document_hash_check" CHECK ("hash" ~ '^[0-9a-f]{64}$');
ALTER TABLE "origin_text" ADD CONSTRAINT "origin_text_hash_check" CHECK ("hash" = encode(sha256(convert_to("text", 'UTF8')), 'hex'));

-- What another ledger said is kept as it was said.
CREATE TRIGGER "origin_revision_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "origin_revision" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "origin_document_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "origin_document" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "origin_text_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "origin_text" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
