-- What the words of a name sound like: consonants, those alike made one, so that most spellings of a name in Latin letters have the
-- same. The server has the same rules (src/evidence/names/keys.ts). After `qq` stand the first letters of a name of three words or
-- more, without those that join others: an acronym is looked up by them.
CREATE FUNCTION name_sounds(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$
  SELECT regexp_replace(
      translate(
        replace(
          regexp_replace(
            replace(regexp_replace(folded, 'kh|ck|ch(?=[lmnr])', 'k', 'g'), 'ph', 'f'),
            'dzh|dj|zh|tz|ts|c(?=[eiyhz])', 's', 'g'),
          'x', 'ks'),
        'gqczjwvdbaeiouyh', 'kkkssfftp'),
      '(.)\1+', '\1', 'g')
    || CASE WHEN folded LIKE '% % %' THEN ' qq' || regexp_replace(
      regexp_replace(folded, '\m(the|of|and|for|de|la|le|les|du|des|et|und|der|die|das|von|y|e|i)\M', '', 'g'),
      '\s*(\S)\S*\s*', '\1', 'g') ELSE '' END
$$;

-- An index on an expression: names that are there get it now, others when they are written.
CREATE INDEX "search_name_entity_sounds_idx" ON "search_name" USING gin (to_tsvector('simple', name_sounds("folded"))) WITH (gin_pending_list_limit = 1024) WHERE "kind" IN ('actor', 'good');

-- Without figures on the new expression the planner would read the table.
ANALYZE "search_name";
