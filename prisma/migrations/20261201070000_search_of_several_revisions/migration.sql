-- Several creates can share a transaction, each as a revision of its own. The index is refreshed once for all of them, when the
-- trigger runs for the first.
CREATE OR REPLACE FUNCTION refresh_search_of_revision() RETURNS trigger LANGUAGE plpgsql
  AS $$
DECLARE
  first_revision bigint := NULLIF(current_setting('casefile.first_revision', true), '')::bigint;
BEGIN
  IF current_setting('casefile.settled', true) = 'on' THEN
    INSERT INTO public.search_backlog (revision) VALUES (NEW.number);
  ELSIF first_revision IS NULL THEN
    PERFORM public.refresh_search(ARRAY(SELECT record_id FROM public.ledger_document WHERE revision = NEW.number));
  ELSIF first_revision = NEW.number THEN
    PERFORM public.refresh_search(ARRAY(SELECT record_id FROM public.ledger_document WHERE revision >= NEW.number));
  END IF;
  RETURN NULL;
END $$;
