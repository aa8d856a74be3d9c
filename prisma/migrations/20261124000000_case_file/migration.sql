CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Names are compared without accents and case. Immutable by naming the dictionary, so that indexes can hold it.
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "revision" (
    "number" BIGINT NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL,
    "change" TEXT NOT NULL,
    "key_id" UUID,
    "author" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "ledger_document" (
    "revision" BIGINT NOT NULL,
    "record_id" UUID NOT NULL,
    "change" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "ledger_document_pkey" PRIMARY KEY ("record_id","revision")
);

-- CreateTable
CREATE TABLE "access_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_answer" (
    "key_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "location" TEXT,
    "revision" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("key_id","token")
);

-- CreateTable
CREATE TABLE "record" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'live',
    "state_reason" TEXT,
    "merged_into_id" UUID,

    CONSTRAINT "record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_file" (
    "id" UUID NOT NULL,
    "summary" TEXT,

    CONSTRAINT "case_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "publisher_id" UUID,
    "authors" TEXT[],
    "url" TEXT,
    "language" TEXT,
    "published_edtf" TEXT,
    "published_as_stated" TEXT,
    "published_reasoning" TEXT,
    "published_earliest" DATE,
    "published_latest" DATE,
    "body" TEXT NOT NULL,
    "body_length" INTEGER NOT NULL,
    "body_sha256" TEXT NOT NULL,
    "source" BYTEA NOT NULL,
    "source_media_type" TEXT NOT NULL,
    "source_sha256" TEXT NOT NULL,

    CONSTRAINT "article_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article_span" (
    "article_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "start_at" INTEGER NOT NULL,
    "end_at" INTEGER NOT NULL,
    "note" TEXT,

    CONSTRAINT "article_span_pkey" PRIMARY KEY ("article_id","position")
);

-- CreateTable
CREATE TABLE "actor" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "country" TEXT,

    CONSTRAINT "actor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "actor_alias" (
    "actor_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,

    CONSTRAINT "actor_alias_pkey" PRIMARY KEY ("actor_id","position")
);

-- CreateTable
CREATE TABLE "actor_identifier" (
    "actor_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "actor_identifier_pkey" PRIMARY KEY ("actor_id","position")
);

-- CreateTable
CREATE TABLE "affiliation" (
    "id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "during_edtf" TEXT,
    "during_as_stated" TEXT,
    "during_reasoning" TEXT,
    "during_earliest" DATE,
    "during_latest" DATE,

    CONSTRAINT "affiliation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "good" (
    "id" UUID NOT NULL,
    "description" TEXT,
    "manufacturer_id" UUID,
    "family_id" UUID,

    CONSTRAINT "good_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "good_control_entry" (
    "good_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "list" TEXT NOT NULL,
    "code" TEXT NOT NULL,

    CONSTRAINT "good_control_entry_pkey" PRIMARY KEY ("good_id","position")
);

-- CreateTable
CREATE TABLE "permit" (
    "id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "number" TEXT,
    "exporter_id" UUID,
    "consignee_id" UUID,
    "end_user_id" UUID,
    "destination_id" UUID,
    "legal_basis" TEXT,
    "exception_relied" TEXT,
    "stated_end_use" TEXT,
    "stated_end_use_place_id" UUID,
    "restrictions" TEXT,

    CONSTRAINT "permit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "permit_item" (
    "permit_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "good_id" UUID NOT NULL,
    "quantity" DOUBLE PRECISION,
    "unit" TEXT,

    CONSTRAINT "permit_item_pkey" PRIMARY KEY ("permit_id","position")
);

-- CreateTable
CREATE TABLE "measure" (
    "id" UUID NOT NULL,
    "imposer_id" UUID NOT NULL,
    "target_id" UUID NOT NULL,
    "legal_form" TEXT NOT NULL,
    "scope" TEXT,
    "exceptions" TEXT,
    "reason" TEXT,
    "reason_place_id" UUID,

    CONSTRAINT "measure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "on_edtf" TEXT,
    "on_as_stated" TEXT,
    "on_reasoning" TEXT,
    "on_earliest" DATE,
    "on_latest" DATE,
    "description" TEXT,
    "place_id" UUID,
    "scope_end_user_id" UUID,
    "scope_place_id" UUID,
    "scope_use" TEXT,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_participant" (
    "event_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "actor_id" UUID NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "event_participant_pkey" PRIMARY KEY ("event_id","position")
);

-- CreateTable
CREATE TABLE "event_good" (
    "event_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "good_id" UUID NOT NULL,

    CONSTRAINT "event_good_pkey" PRIMARY KEY ("event_id","position")
);

-- CreateTable
CREATE TABLE "event_about" (
    "event_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "permit_id" UUID,
    "measure_id" UUID,

    CONSTRAINT "event_about_pkey" PRIMARY KEY ("event_id","position")
);

-- CreateTable
CREATE TABLE "event_effect" (
    "event_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "permit_id" UUID,
    "measure_id" UUID,
    "becomes" TEXT NOT NULL,

    CONSTRAINT "event_effect_pkey" PRIMARY KEY ("event_id","position")
);

-- CreateTable
CREATE TABLE "place" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "source" TEXT NOT NULL,

    CONSTRAINT "place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "citation" (
    "id" UUID NOT NULL,
    "record_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "article_id" UUID NOT NULL,
    "start_at" INTEGER NOT NULL,
    "end_at" INTEGER NOT NULL,
    "quote" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "suffix" TEXT NOT NULL,
    "field" TEXT,
    "value" JSONB,
    "confidence" DOUBLE PRECISION,
    "state" TEXT NOT NULL DEFAULT 'anchored',
    "state_reason" TEXT,

    CONSTRAINT "citation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "citation_voice" (
    "citation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "actor_id" UUID,
    "document" TEXT,

    CONSTRAINT "citation_voice_pkey" PRIMARY KEY ("citation_id","position")
);

-- CreateIndex
CREATE INDEX "event_scope_end_user_id_idx" ON "event"("scope_end_user_id");

-- CreateIndex
CREATE INDEX "event_scope_place_id_idx" ON "event"("scope_place_id");

-- CreateIndex
CREATE INDEX "measure_reason_place_id_idx" ON "measure"("reason_place_id");

-- CreateIndex
CREATE INDEX "permit_stated_end_use_place_id_idx" ON "permit"("stated_end_use_place_id");

-- CreateIndex
CREATE INDEX "revision_key_id_idx" ON "revision"("key_id");

-- CreateIndex
CREATE INDEX "revision_committed_at_idx" ON "revision"("committed_at");

-- CreateIndex
CREATE INDEX "ledger_document_revision_record_id_idx" ON "ledger_document"("revision", "record_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_key_name_key" ON "access_key"("name");

-- CreateIndex
CREATE INDEX "idempotent_answer_created_at_idx" ON "idempotent_answer"("created_at");

-- CreateIndex
CREATE INDEX "record_kind_id_idx" ON "record"("kind", "id");

-- CreateIndex
CREATE INDEX "record_kind_revision_id_idx" ON "record"("kind", "revision", "id");

-- CreateIndex
CREATE INDEX "record_merged_into_id_idx" ON "record"("merged_into_id");

-- CreateIndex
CREATE UNIQUE INDEX "record_kind_slug_key" ON "record"("kind", "slug");

-- CreateIndex
CREATE INDEX "article_publisher_id_idx" ON "article"("publisher_id");

-- CreateIndex
CREATE UNIQUE INDEX "article_source_key" ON "article"("case_id", "source_sha256");

-- CreateIndex
CREATE INDEX "actor_type_id_idx" ON "actor"("type", "id");

-- CreateIndex
CREATE INDEX "actor_country_idx" ON "actor"("country");

-- CreateIndex
CREATE UNIQUE INDEX "actor_identifier_scheme_value_key" ON "actor_identifier"("scheme", "value");

-- CreateIndex
CREATE INDEX "affiliation_actor_id_idx" ON "affiliation"("actor_id");

-- CreateIndex
CREATE INDEX "affiliation_organisation_id_idx" ON "affiliation"("organisation_id");

-- CreateIndex
CREATE INDEX "good_manufacturer_id_idx" ON "good"("manufacturer_id");

-- CreateIndex
CREATE INDEX "good_family_id_idx" ON "good"("family_id");

-- CreateIndex
CREATE INDEX "good_control_entry_list_code_idx" ON "good_control_entry"("list", "code");

-- CreateIndex
CREATE INDEX "permit_issuer_id_id_idx" ON "permit"("issuer_id", "id");

-- CreateIndex
CREATE INDEX "permit_exporter_id_id_idx" ON "permit"("exporter_id", "id");

-- CreateIndex
CREATE INDEX "permit_consignee_id_id_idx" ON "permit"("consignee_id", "id");

-- CreateIndex
CREATE INDEX "permit_end_user_id_id_idx" ON "permit"("end_user_id", "id");

-- CreateIndex
CREATE INDEX "permit_destination_id_id_idx" ON "permit"("destination_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "permit_issuer_number_key" ON "permit"("issuer_id", "number");

-- CreateIndex
CREATE INDEX "permit_item_good_id_permit_id_idx" ON "permit_item"("good_id", "permit_id");

-- CreateIndex
CREATE INDEX "measure_imposer_id_target_id_idx" ON "measure"("imposer_id", "target_id");

-- CreateIndex
CREATE INDEX "measure_target_id_idx" ON "measure"("target_id");

-- CreateIndex
CREATE INDEX "event_type_id_idx" ON "event"("type", "id");

-- CreateIndex
CREATE INDEX "event_place_id_idx" ON "event"("place_id");

-- CreateIndex
CREATE INDEX "event_participant_actor_id_role_event_id_idx" ON "event_participant"("actor_id", "role", "event_id");

-- CreateIndex
CREATE INDEX "event_good_good_id_event_id_idx" ON "event_good"("good_id", "event_id");

-- CreateIndex
CREATE INDEX "event_about_permit_id_event_id_idx" ON "event_about"("permit_id", "event_id");

-- CreateIndex
CREATE INDEX "event_about_measure_id_event_id_idx" ON "event_about"("measure_id", "event_id");

-- CreateIndex
CREATE INDEX "event_effect_permit_id_becomes_event_id_idx" ON "event_effect"("permit_id", "becomes", "event_id");

-- CreateIndex
CREATE INDEX "event_effect_measure_id_becomes_event_id_idx" ON "event_effect"("measure_id", "becomes", "event_id");

-- CreateIndex
CREATE UNIQUE INDEX "place_slug_key" ON "place"("slug");

-- CreateIndex
CREATE INDEX "citation_article_id_record_id_idx" ON "citation"("article_id", "record_id");

-- CreateIndex
CREATE INDEX "citation_article_id_start_at_idx" ON "citation"("article_id", "start_at");

-- CreateIndex
CREATE INDEX "citation_field_id_idx" ON "citation"("field", "id");

-- CreateIndex
CREATE UNIQUE INDEX "citation_record_position_key" ON "citation"("record_id", "position");

-- CreateIndex
CREATE INDEX "citation_voice_actor_id_citation_id_idx" ON "citation_voice"("actor_id", "citation_id");

-- AddForeignKey
ALTER TABLE "revision" ADD CONSTRAINT "revision_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "access_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_document" ADD CONSTRAINT "ledger_document_revision_fkey" FOREIGN KEY ("revision") REFERENCES "revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_document" ADD CONSTRAINT "ledger_document_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotent_answer" ADD CONSTRAINT "idempotent_answer_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "access_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "record" ADD CONSTRAINT "record_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "record"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "record" ADD CONSTRAINT "record_revision_fkey" FOREIGN KEY ("revision") REFERENCES "revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article" ADD CONSTRAINT "article_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article" ADD CONSTRAINT "article_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article" ADD CONSTRAINT "article_publisher_id_fkey" FOREIGN KEY ("publisher_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actor" ADD CONSTRAINT "actor_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actor_alias" ADD CONSTRAINT "actor_alias_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actor_identifier" ADD CONSTRAINT "actor_identifier_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "good" ADD CONSTRAINT "good_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "good" ADD CONSTRAINT "good_manufacturer_id_fkey" FOREIGN KEY ("manufacturer_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "good" ADD CONSTRAINT "good_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "good"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "good_control_entry" ADD CONSTRAINT "good_control_entry_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_exporter_id_fkey" FOREIGN KEY ("exporter_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_consignee_id_fkey" FOREIGN KEY ("consignee_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_end_user_id_fkey" FOREIGN KEY ("end_user_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit" ADD CONSTRAINT "permit_stated_end_use_place_id_fkey" FOREIGN KEY ("stated_end_use_place_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_permit_id_fkey" FOREIGN KEY ("permit_id") REFERENCES "permit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measure" ADD CONSTRAINT "measure_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measure" ADD CONSTRAINT "measure_imposer_id_fkey" FOREIGN KEY ("imposer_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measure" ADD CONSTRAINT "measure_target_id_fkey" FOREIGN KEY ("target_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measure" ADD CONSTRAINT "measure_reason_place_id_fkey" FOREIGN KEY ("reason_place_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_id_fkey" FOREIGN KEY ("id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_scope_end_user_id_fkey" FOREIGN KEY ("scope_end_user_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_scope_place_id_fkey" FOREIGN KEY ("scope_place_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_good" ADD CONSTRAINT "event_good_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_good" ADD CONSTRAINT "event_good_good_id_fkey" FOREIGN KEY ("good_id") REFERENCES "good"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_about" ADD CONSTRAINT "event_about_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_about" ADD CONSTRAINT "event_about_permit_id_fkey" FOREIGN KEY ("permit_id") REFERENCES "permit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_about" ADD CONSTRAINT "event_about_measure_id_fkey" FOREIGN KEY ("measure_id") REFERENCES "measure"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_permit_id_fkey" FOREIGN KEY ("permit_id") REFERENCES "permit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_measure_id_fkey" FOREIGN KEY ("measure_id") REFERENCES "measure"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation" ADD CONSTRAINT "citation_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation" ADD CONSTRAINT "citation_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation_voice" ADD CONSTRAINT "citation_voice_citation_id_fkey" FOREIGN KEY ("citation_id") REFERENCES "citation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation_voice" ADD CONSTRAINT "citation_voice_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

-- Closed sets of words; a test holds them equal to the API's enums.
ALTER TABLE "record" ADD CONSTRAINT "record_kind_check" CHECK ("kind" IN ('case', 'article', 'actor', 'affiliation', 'good', 'permit', 'measure', 'event'));
ALTER TABLE "actor" ADD CONSTRAINT "actor_type_check" CHECK ("type" IN ('state', 'company', 'person', 'public-body', 'armed-force', 'organisation', 'publisher'));
ALTER TABLE "measure" ADD CONSTRAINT "measure_legal_form_check" CHECK ("legal_form" IN ('embargo', 'suspension', 'presumptive-denial', 'other'));
ALTER TABLE "event" ADD CONSTRAINT "event_type_check" CHECK ("type" IN ('application', 'request', 'assurance', 'recommendation', 'permit-decision', 'measure-decision', 'delivery', 'transfer', 'use', 'report', 'inquiry', 'disclosure', 'statement'));
ALTER TABLE "event_participant" ADD CONSTRAINT "event_participant_role_check" CHECK ("role" IN ('imposer', 'target', 'issuer', 'applicant', 'exporter', 'consignee', 'end-user', 'requester', 'addressee', 'assurer', 'author', 'speaker', 'reporter', 'investigator', 'discloser', 'supplier', 'user', 'opponent', 'subject'));
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_becomes_check" CHECK (
  ("permit_id" IS NOT NULL AND "becomes" IN ('issued', 'refused', 'amended', 'suspended', 'reinstated', 'cancelled', 'expired'))
  OR ("measure_id" IS NOT NULL AND "becomes" IN ('imposed', 'amended', 'suspended', 'lifted')));
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_type_check" CHECK ("type" IN ('boilerplate'));
ALTER TABLE "citation" ADD CONSTRAINT "citation_state_check" CHECK ("state" IN ('anchored', 'orphaned'));

-- Shapes.
ALTER TABLE "record" ADD CONSTRAINT "record_slug_shape_check" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 120);
ALTER TABLE "record" ADD CONSTRAINT "record_name_check" CHECK (length("name") BETWEEN 1 AND 1000);
ALTER TABLE "event_effect" ADD CONSTRAINT "event_effect_one_target_check" CHECK (num_nonnulls("permit_id", "measure_id") = 1);
ALTER TABLE "event_about" ADD CONSTRAINT "event_about_one_target_check" CHECK (num_nonnulls("permit_id", "measure_id") = 1);
ALTER TABLE "citation_voice" ADD CONSTRAINT "citation_voice_one_source_check" CHECK (num_nonnulls("actor_id", "document") = 1);
ALTER TABLE "citation" ADD CONSTRAINT "citation_offsets_check" CHECK (0 <= "start_at" AND "start_at" < "end_at" AND char_length("quote") = "end_at" - "start_at");
ALTER TABLE "citation" ADD CONSTRAINT "citation_confidence_check" CHECK ("confidence" BETWEEN 0 AND 1);
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_offsets_check" CHECK (0 <= "start_at" AND "start_at" < "end_at");
ALTER TABLE "article" ADD CONSTRAINT "article_body_length_check" CHECK (char_length("body") = "body_length");
ALTER TABLE "article" ADD CONSTRAINT "article_sha256_check" CHECK ("body_sha256" ~ '^[0-9a-f]{64}$' AND "source_sha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "permit_item" ADD CONSTRAINT "permit_item_quantity_check" CHECK ("quantity" > 0);
ALTER TABLE "place" ADD CONSTRAINT "place_latitude_check" CHECK ("latitude" BETWEEN -90 AND 90);
ALTER TABLE "place" ADD CONSTRAINT "place_longitude_check" CHECK ("longitude" BETWEEN -180 AND 180);
ALTER TABLE "place" ADD CONSTRAINT "place_country_check" CHECK ("country" ~ '^[A-Z]{2}$');
ALTER TABLE "actor" ADD CONSTRAINT "actor_country_check" CHECK ("country" ~ '^[A-Z]{2}$');
ALTER TABLE "article" ADD CONSTRAINT "article_published_order_check" CHECK ("published_earliest" <= "published_latest");
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_during_order_check" CHECK ("during_earliest" <= "during_latest");
ALTER TABLE "event" ADD CONSTRAINT "event_on_order_check" CHECK ("on_earliest" <= "on_latest");

-- A permit is issued, refused, cancelled and expires once; a measure can be imposed again after it was lifted.
CREATE UNIQUE INDEX "event_effect_permit_once_key" ON "event_effect" ("permit_id", "becomes") WHERE "becomes" IN ('issued', 'refused', 'cancelled', 'expired');

-- Names: sorted and searched as folded.
CREATE INDEX "record_kind_folded_idx" ON "record" ("kind", (fold("name")) COLLATE "C", "id");
CREATE INDEX "record_folded_trgm_idx" ON "record" USING gin ((fold("name")) gin_trgm_ops);
CREATE INDEX "actor_alias_folded_trgm_idx" ON "actor_alias" USING gin ((fold("name")) gin_trgm_ops);

-- Dates: an open bound sorts and compares as infinity.
CREATE INDEX "event_on_earliest_idx" ON "event" ((COALESCE("on_earliest", '-infinity'::date)), "id");
CREATE INDEX "event_on_latest_idx" ON "event" ((COALESCE("on_latest", 'infinity'::date)), "id");
CREATE INDEX "affiliation_during_earliest_idx" ON "affiliation" ((COALESCE("during_earliest", '-infinity'::date)), "id");
CREATE INDEX "article_published_earliest_idx" ON "article" ((COALESCE("published_earliest", '-infinity'::date)), "id");

-- Every process hears of every commit, whoever made it.
CREATE FUNCTION announce_revision() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN PERFORM pg_notify('casefile_revision', NEW.number::text); RETURN NULL; END $$;
CREATE TRIGGER "revision_announce" AFTER INSERT ON "revision" FOR EACH ROW EXECUTE FUNCTION announce_revision();

-- Keys and states.
ALTER TABLE "record" ADD CONSTRAINT "record_state_check" CHECK ("state" IN ('live', 'retracted', 'merged'));
ALTER TABLE "record" ADD CONSTRAINT "record_state_parts_check" CHECK (
  ("state" = 'live' AND "state_reason" IS NULL AND "merged_into_id" IS NULL)
  OR ("state" = 'retracted' AND "state_reason" IS NOT NULL AND "merged_into_id" IS NULL)
  OR ("state" = 'merged' AND "merged_into_id" IS NOT NULL));
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_scope_check" CHECK ("scope" IN ('read', 'write', 'admin'));
ALTER TABLE "ledger_document" ADD CONSTRAINT "ledger_document_change_check" CHECK ("change" IN ('create', 'update', 'derive', 'retract', 'merge'));
ALTER TABLE "revision" ADD CONSTRAINT "revision_hashes_check" CHECK ("hash" ~ '^[0-9a-f]{64}$' AND "previous_hash" ~ '^[0-9a-f]{64}$');

-- A revision is written last, when the hashes of its documents are known; what refers to it waits for the commit.
ALTER TABLE "record" ALTER CONSTRAINT "record_revision_fkey" DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "ledger_document" ALTER CONSTRAINT "ledger_document_revision_fkey" DEFERRABLE INITIALLY DEFERRED;

-- The ledger only grows.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER "revision_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "revision" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "ledger_document_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_document" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
