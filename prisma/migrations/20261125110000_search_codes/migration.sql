-- Names and codes are the same however they are set apart: MX-15D and MX15D, CA/2020/17 and CA 2020 17.
CREATE INDEX "search_name_joined_idx" ON "search_name" USING HASH ((replace("folded", ' ', '')));
-- Words of names, and apart from them of titles: a few names are not looked for among very many titles.
CREATE INDEX "search_name_entity_words_idx" ON "search_name" USING gin (to_tsvector('simple', "folded")) WITH (gin_pending_list_limit = 1024) WHERE "kind" IN ('actor', 'good');
CREATE INDEX "search_name_title_words_idx" ON "search_name" USING gin (to_tsvector('simple', "folded")) WITH (gin_pending_list_limit = 1024) WHERE "kind" IN ('permit', 'measure');

-- The actors and goods of these kinds of whose name some stretch is like the words of `core`, the likest first, of those the shortest
-- names. Words that very many names have are left out: all `... propulsion` would have to be compared; where there are no others, they
-- are used only if no name has all of them as they stand. A name must have as many of the trigrams as a typing error or a little more
-- leaves. pg_trgm takes that share from a setting alone; the setting of the function gives back what it was.
CREATE FUNCTION names_near(core text, kinds text[], most int) RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 30
  SET pg_trgm.word_similarity_threshold = 0.6 AS $$
DECLARE
  rare text := (SELECT string_agg(word, ' ' ORDER BY place) FROM unnest((string_to_array(core, ' '))[1:12]) WITH ORDINALITY AS u (word, place)
    WHERE (SELECT count(*) FROM (SELECT FROM public.search_name WHERE kind IN ('actor', 'good') AND to_tsvector('simple', folded) @@ plainto_tsquery('simple', word) LIMIT 101) AS named) <= 100);
BEGIN
  IF rare IS NULL THEN
    IF EXISTS (SELECT FROM public.search_name WHERE kind IN ('actor', 'good') AND to_tsvector('simple', folded) @@ plainto_tsquery('simple', core)) THEN RETURN; END IF;
    rare := core;
  END IF;
  PERFORM set_config('pg_trgm.word_similarity_threshold', greatest(0.6, least(0.8, 1 - 5.0 / (length(rare) + 1)))::text, true);
  RETURN QUERY SELECT n.record_id FROM public.search_name AS n
    WHERE n.kind IN ('actor', 'good') AND n.kind = ANY (kinds) AND rare <% n.folded
    ORDER BY word_similarity(rare, n.folded) DESC, length(n.folded), n.record_id LIMIT most;
END $$;

-- Without figures on the new expressions the planner would read the table.
ANALYZE "search_name";
