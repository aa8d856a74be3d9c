-- CreateTable
CREATE TABLE "search_backlog" (
    "revision" BIGINT NOT NULL,

    CONSTRAINT "search_backlog_pkey" PRIMARY KEY ("revision")
);

-- AddForeignKey
ALTER TABLE "search_backlog" ADD CONSTRAINT "search_backlog_revision_fkey" FOREIGN KEY ("revision") REFERENCES "revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

-- To index a record for search takes longer than to write it. An import says for its transaction that this is for later; the
-- revision is noted in the same transaction, so that it cannot be forgotten.
CREATE OR REPLACE FUNCTION refresh_search_of_revision() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF current_setting('casefile.settled', true) = 'on' THEN
    INSERT INTO public.search_backlog (revision) VALUES (NEW.number);
  ELSE
    PERFORM public.refresh_search(ARRAY(SELECT record_id FROM public.ledger_document WHERE revision = NEW.number));
  END IF;
  RETURN NULL;
END $$;
