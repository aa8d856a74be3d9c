-- Search finds places by their other names and identifiers, as it finds actors.
CREATE OR REPLACE FUNCTION search_document_rows(touched uuid[])
  RETURNS TABLE (record_id uuid, part int, kind text, case_ids uuid[], year_first int, year_last int, prominence int, start_at int, end_at int,
    heads tsvector, texts tsvector) LANGUAGE sql STABLE
  AS $$
  SELECT r.id, COALESCE(body.part, 0), r.kind, cases.ids, years.first, years.last,
    CASE WHEN r.kind = 'article' THEN (SELECT body_length / 500 FROM public.article WHERE id = r.id) ELSE cited.count END,
    COALESCE(body.start_at, 0), COALESCE(body.end_at, 0),
    CASE WHEN body.part > 0 THEN '' ELSE heads.vector END,
    CASE WHEN body.part > 0 THEN '' ELSE heads.vector || CASE WHEN described.text <> '' THEN public.search_vector(left(described.text, 50000), 'B') ELSE '' END || public.search_vector(left(cited.quotes, 40000), 'C') END
      || CASE WHEN body.words <> '' THEN public.search_vector(body.words, 'D') ELSE '' END
  FROM (SELECT id FROM unnest(touched) AS id GROUP BY id ORDER BY CASE WHEN get_byte(uuid_send(id), 15) < 4 THEN 0 WHEN get_byte(uuid_send(id), 15) < 32 THEN 1 ELSE 2 END, id) AS t JOIN public.record AS r ON r.id = t.id
  CROSS JOIN LATERAL (SELECT CASE r.kind
    WHEN 'actor' THEN (SELECT string_agg(t.name, ' zq0gap0qz ') FROM (
      SELECT a.name FROM public.actor_alias AS a WHERE a.actor_id = r.id UNION ALL SELECT i.value FROM public.actor_identifier AS i WHERE i.actor_id = r.id) AS t)
    WHEN 'place' THEN (SELECT string_agg(t.name, ' zq0gap0qz ') FROM (
      SELECT p.name FROM public.place_name AS p WHERE p.place_id = r.id UNION ALL SELECT i.value FROM public.place_identifier AS i WHERE i.place_id = r.id) AS t)
    WHEN 'permit' THEN (SELECT number FROM public.permit WHERE id = r.id) END AS others OFFSET 0) AS more
  CROSS JOIN LATERAL (SELECT public.fold(concat(r.name, more.others)) AS text OFFSET 0) AS folded
  CROSS JOIN LATERAL (SELECT public.search_vector(left(concat_ws(' zq0gap0qz ', r.name, more.others,
    CASE WHEN octet_length(folded.text) > char_length(folded.text) THEN public.romanised(concat_ws(' zq0gap0qz ', r.name, more.others)) END), 10000), 'A') AS vector OFFSET 0) AS heads
  CROSS JOIN LATERAL (SELECT CASE r.kind
    WHEN 'case' THEN (SELECT summary FROM public.case_file WHERE id = r.id)
    WHEN 'article' THEN (SELECT array_to_string(authors, ' zq0gap0qz ') FROM public.article WHERE id = r.id)
    WHEN 'good' THEN (SELECT concat_ws(' zq0gap0qz ', g.description, (SELECT string_agg(c.code, ' zq0gap0qz ') FROM public.good_control_entry AS c WHERE c.good_id = g.id)) FROM public.good AS g WHERE g.id = r.id)
    WHEN 'permit' THEN (SELECT concat_ws(' zq0gap0qz ', p.legal_basis, p.exception_relied, p.stated_end_use, p.restrictions,
      (SELECT string_agg(code, ' zq0gap0qz ') FROM public.permit_item AS i, unnest(i.control_codes) AS code WHERE i.permit_id = p.id)) FROM public.permit AS p WHERE p.id = r.id)
    WHEN 'measure' THEN (SELECT concat_ws(' zq0gap0qz ', scope, exceptions, reason) FROM public.measure WHERE id = r.id)
    WHEN 'event' THEN (SELECT concat_ws(' zq0gap0qz ', description, scope_use) FROM public.event WHERE id = r.id)
    WHEN 'figure' THEN (SELECT concat_ws(' zq0gap0qz ', category, scope, array_to_string(control_codes, ' zq0gap0qz ')) FROM public.figure WHERE id = r.id) END AS text OFFSET 0) AS described
  CROSS JOIN LATERAL (SELECT count(DISTINCT (c.article_id, c.start_at, c.end_at))::int AS count, string_agg(DISTINCT c.quote, ' zq0gap0qz ') FILTER (WHERE c.state = 'anchored') AS quotes
    FROM public.citation AS c WHERE c.record_id = r.id) AS cited
  CROSS JOIN LATERAL (SELECT CASE r.kind WHEN 'case' THEN ARRAY[r.id] WHEN 'article' THEN (SELECT ARRAY[case_id] FROM public.article WHERE id = r.id)
    ELSE ARRAY(SELECT DISTINCT a.case_id FROM public.citation AS c JOIN public.article AS a ON a.id = c.article_id WHERE c.record_id = r.id) END AS ids) AS cases
  LEFT JOIN LATERAL (
    SELECT published_earliest AS first, published_latest AS last FROM public.article WHERE r.kind = 'article' AND id = r.id
    UNION ALL SELECT on_earliest, on_latest FROM public.event WHERE r.kind = 'event' AND id = r.id
    UNION ALL SELECT during_earliest, during_latest FROM public.affiliation WHERE r.kind = 'affiliation' AND id = r.id
    UNION ALL SELECT period_earliest, period_latest FROM public.figure WHERE r.kind = 'figure' AND id = r.id
    UNION ALL SELECT issued_earliest, issued_latest FROM public.permit WHERE r.kind = 'permit' AND id = r.id
    UNION ALL (SELECT e.on_earliest, e.on_latest FROM public.event_effect AS x JOIN public.event AS e ON e.id = x.event_id
      WHERE r.kind = 'measure' AND x.measure_id = r.id AND x.becomes = 'imposed' ORDER BY e.on_earliest NULLS FIRST, e.id LIMIT 1)
  ) AS dated ON true
  CROSS JOIN LATERAL (SELECT extract(year FROM dated.first)::int AS first, extract(year FROM dated.last)::int AS last) AS given
  CROSS JOIN LATERAL (SELECT CASE WHEN given.last - given.first < 10 THEN given.first END AS first, CASE WHEN given.last - given.first < 10 THEN given.last END AS last) AS years
  LEFT JOIN LATERAL (SELECT parts.* FROM (SELECT r.id WHERE r.kind = 'article' OFFSET 0) AS article CROSS JOIN LATERAL public.search_parts(article.id) AS parts) AS body ON true
  WHERE r.state = 'live'
$$;

SELECT refresh_search(ARRAY(SELECT "id" FROM "place"));
