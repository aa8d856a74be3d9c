-- What search finds of a record, made with less work: the same words and names as before.

-- Most texts are ASCII once they are folded, and half of what sets words apart does not occur in them.
CREATE OR REPLACE FUNCTION search_words(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
  AS $$
DECLARE
  folded text := public.fold($1);
BEGIN
  IF octet_length(folded) = char_length(folded) THEN
    RETURN translate(folded, '-/.@_+~&:<>''', '            ');
  END IF;
  RETURN translate(folded, '-/.@_+~&:<>''' || U&'\00A0\00B7\2022\2019\201C\201D\2013\2014\2026', '                     ');
END $$;

CREATE OR REPLACE FUNCTION romanised(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
  AS $$
DECLARE
  words text := public.search_words($1);
  folded text := public.fold($1);
BEGIN
  IF octet_length(folded) <> char_length(folded) THEN
    words := (SELECT string_agg(COALESCE($map${"ͱ":"h","ͳ":"s","ʹ":"","ͷ":"w","ͺ":"i","ͻ":"s","ͼ":"s","ͽ":"s","ΐ":"i","ά":"a","έ":"e","ή":"i","ί":"i",
"ΰ":"y","α":"a","β":"v","γ":"g","δ":"d","ε":"e","ζ":"z","η":"i","θ":"th","ι":"i","κ":"k","λ":"l","μ":"m",
"ν":"n","ξ":"x","ο":"o","π":"p","ρ":"r","ς":"s","σ":"s","τ":"t","υ":"y","φ":"f","χ":"ch","ψ":"ps","ω":"o",
"ϊ":"i","ϋ":"y","ό":"o","ύ":"y","ώ":"o","ϐ":"b","ϑ":"th","ϒ":"y","ϓ":"y","ϔ":"y","ϕ":"ph","ϖ":"p","ϗ":"",
"ϙ":"q","ϛ":"st","ϝ":"w","ϟ":"q","ϡ":"s","ϣ":"sh","ϥ":"f","ϧ":"x","ϩ":"h","ϫ":"j","ϭ":"c","ϯ":"ti","ϰ":"k",
"ϱ":"r","ϲ":"s","ϳ":"j","ϵ":"e","ϸ":"sh","ϻ":"s","ϼ":"r","а":"a","б":"b","в":"v","г":"g","д":"d","е":"e",
"ж":"zh","з":"z","и":"i","й":"y","к":"k","л":"l","м":"m","н":"n","о":"o","п":"p","р":"r","с":"s","т":"t",
"у":"u","ф":"f","х":"kh","ц":"ts","ч":"ch","ш":"sh","щ":"shch","ъ":"","ы":"y","ь":"","э":"e","ю":"yu","я":"ya",
"ѐ":"e","ё":"e","ђ":"dj","ѓ":"g","є":"ie","ѕ":"dz","і":"i","ї":"i","ј":"j","љ":"lj","њ":"nj","ћ":"c","ќ":"k",
"ѝ":"i","ў":"u","џ":"dzh","ѡ":"o","ѣ":"e","ѥ":"ie","ѧ":"e","ѩ":"ie","ѫ":"o","ѭ":"io","ѯ":"ks","ѱ":"ps","ѳ":"f",
"ѵ":"y","ѷ":"y","ѹ":"u","ѻ":"o","ѽ":"o","ѿ":"ot","ҁ":"q","ҋ":"jh","ҍ":"","ҏ":"rh","ґ":"g","ғ":"gh","ҕ":"gh",
"җ":"j","ҙ":"z","қ":"q","ҝ":"g","ҟ":"q","ҡ":"q","ң":"ng","ҥ":"ng","ҧ":"ph","ҩ":"w","ҫ":"s","ҭ":"th","ү":"u",
"ұ":"u","ҳ":"h","ҵ":"ts","ҷ":"j","ҹ":"c","һ":"h","ҽ":"ch","ҿ":"ch","ӂ":"gi","ӄ":"q","ӆ":"lh","ӈ":"ng","ӊ":"nh",
"ӌ":"dzh","ӎ":"mh","ӏ":"h","ӑ":"a","ӓ":"a","ӕ":"ae","ӗ":"e","ә":"a","ӛ":"e","ӝ":"dzh","ӟ":"j","ӡ":"dz","ӣ":"i",
"ӥ":"i","ӧ":"o","ө":"o","ӫ":"y","ӭ":"a","ӯ":"u","ӱ":"u","ӳ":"u","ӵ":"tsh","ӷ":"gh","ӹ":"y","ӻ":"xh","ӽ":"x",
"ӿ":"h","ԁ":"d","ԃ":"dj","ԅ":"zj","ԇ":"dz","ԉ":"lj","ԋ":"nj","ԍ":"sj","ԏ":"tj","ԑ":"a","ԓ":"l","ԕ":"lkh",
"ԗ":"rkh","ԙ":"a","ԛ":"q","ԝ":"w","ԟ":"q","ԡ":"l","ԣ":"n","ԥ":"ph","ԧ":"","ԩ":"ny","ԫ":"dzh","ԭ":"dch","ԯ":"l",
"ՙ":"","ՠ":"a","ա":"a","բ":"b","գ":"g","դ":"d","ե":"e","զ":"z","է":"e","ը":"y","թ":"t","ժ":"zh","ի":"i",
"լ":"l","խ":"kh","ծ":"ts","կ":"k","հ":"h","ձ":"dz","ղ":"gh","ճ":"ch","մ":"m","յ":"y","ն":"n","շ":"sh","ո":"o",
"չ":"ch","պ":"p","ջ":"j","ռ":"rr","ս":"s","վ":"v","տ":"t","ր":"r","ց":"ts","ւ":"w","փ":"p","ք":"k","օ":"o",
"ֆ":"f","և":"ev","ֈ":"h","א":"","ב":"v","ג":"g","ד":"d","ה":"h","ו":"v","ז":"z","ח":"h","ט":"t","י":"y",
"ך":"kh","כ":"kh","ל":"l","ם":"m","מ":"m","ן":"n","נ":"n","ס":"s","ע":"","ף":"f","פ":"f","ץ":"ts","צ":"ts",
"ק":"k","ר":"r","ש":"s","ת":"t","ء":"","آ":"a","أ":"","ؤ":"u","إ":"","ئ":"i","ا":"","ب":"b","ة":"h","ت":"t",
"ث":"th","ج":"j","ح":"h","خ":"kh","د":"d","ذ":"dh","ر":"r","ز":"z","س":"s","ش":"sh","ص":"s","ض":"d","ط":"t",
"ظ":"dh","ع":"","غ":"gh","ػ":"g","ؼ":"g","ؽ":"y","ؾ":"i","ؿ":"i","ـ":"","ف":"f","ق":"q","ك":"k","ل":"l",
"م":"m","ن":"n","ه":"h","و":"w","ى":"a","ي":"y","ٮ":"b","ٯ":"q","ٱ":"","ٲ":"a","ٳ":"u","ٴ":"e","ٵ":"a","ٶ":"o",
"ٷ":"u","ٸ":"i","ٹ":"t","ٺ":"th","ٻ":"b","ټ":"t","ٽ":"t","پ":"p","ٿ":"th","ڀ":"bh","ځ":"dz","ڂ":"dz","ڃ":"n",
"ڄ":"j","څ":"ts","چ":"ch","ڇ":"ch","ڈ":"d","ډ":"d","ڊ":"d","ڋ":"dd","ڌ":"dh","ڍ":"dh","ڎ":"dh","ڏ":"d","ڐ":"d",
"ڑ":"r","ڒ":"r","ړ":"r","ڔ":"r","ڕ":"r","ږ":"zh","ڗ":"d","ژ":"zh","ڙ":"r","ښ":"sh","ڛ":"s","ڜ":"ch","ڝ":"ts",
"ڞ":"ch","ڟ":"th","ڠ":"ng","ڡ":"f","ڢ":"f","ڣ":"p","ڤ":"v","ڥ":"v","ڦ":"ph","ڧ":"q","ڨ":"g","ک":"k","ڪ":"k",
"ګ":"g","ڬ":"g","ڭ":"ng","ڮ":"kp","گ":"g","ڰ":"gg","ڱ":"n","ڲ":"g","ڳ":"g","ڴ":"g","ڵ":"l","ڶ":"l","ڷ":"l",
"ڸ":"l","ڹ":"n","ں":"n","ڻ":"n","ڼ":"n","ڽ":"ny","ھ":"h","ڿ":"n","ۀ":"e","ہ":"h","ۂ":"h","ۃ":"h","ۄ":"o",
"ۅ":"o","ۆ":"o","ۇ":"u","ۈ":"u","ۉ":"u","ۊ":"u","ۋ":"v","ی":"y","ۍ":"ey","ێ":"e","ۏ":"v","ې":"e","ۑ":"ny",
"ے":"e","ۓ":"e","ە":"e","ა":"a","ბ":"b","გ":"g","დ":"d","ე":"e","ვ":"v","ზ":"z","თ":"t","ი":"i","კ":"k",
"ლ":"l","მ":"m","ნ":"n","ო":"o","პ":"p","ჟ":"zh","რ":"r","ს":"s","ტ":"t","უ":"u","ფ":"p","ქ":"k","ღ":"gh",
"ყ":"q","შ":"sh","ჩ":"ch","ც":"ts","ძ":"dz","წ":"ts","ჭ":"ch","ხ":"kh","ჯ":"j","ჰ":"h","ჱ":"e","ჲ":"y","ჳ":"w",
"ჴ":"x","ჵ":"o","ჶ":"f","ჷ":"e","ჸ":"","ჹ":"g","ჺ":"","ჼ":"n","ჽ":"ae","ჾ":"","ჿ":"w"}$map$::jsonb ->> letter, letter), '' ORDER BY number)
      FROM regexp_split_to_table(words, '') WITH ORDINALITY AS letters (letter, number));
  END IF;
  RETURN btrim(regexp_replace(words, '\s+', ' ', 'g'));
END $$;

-- Writes what is found of these records anew, as before; but what is used twice is made once, and the parts of a body are asked for
-- of articles alone.
CREATE OR REPLACE FUNCTION refresh_search(touched uuid[]) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM public.search_document AS d USING unnest(touched) AS t (id) WHERE d.record_id = t.id;
  DELETE FROM public.search_name AS n USING unnest(touched) AS t (id) WHERE n.record_id = t.id;
  INSERT INTO public.search_name (record_id, position, kind, what, name, folded)
    SELECT r.id, row_number() OVER (PARTITION BY r.id ORDER BY n.rank, n.position) - 1, r.kind, n.what, n.name, n.folded
    FROM (SELECT DISTINCT id FROM unnest(touched) AS id) AS t JOIN public.record AS r ON r.id = t.id CROSS JOIN LATERAL (SELECT given.*, public.romanised(given.name) AS folded FROM (
      SELECT 0 AS rank, 0 AS position, 'name' AS what, r.name AS name
      UNION ALL SELECT 1, a.position, 'alias', a.name FROM public.actor_alias AS a WHERE r.kind = 'actor' AND a.actor_id = r.id
      UNION ALL SELECT 2, 0, 'number', p.number FROM public.permit AS p WHERE r.kind = 'permit' AND p.id = r.id AND p.number IS NOT NULL
      UNION ALL SELECT 3, i.position, 'identifier', i.value FROM public.actor_identifier AS i WHERE r.kind = 'actor' AND i.actor_id = r.id
    ) AS given OFFSET 0) AS n
    WHERE r.state = 'live' AND r.kind IN ('actor', 'good', 'permit', 'measure') AND n.folded <> '';
  INSERT INTO public.search_document (record_id, part, kind, case_ids, year_first, year_last, prominence, start_at, end_at, heads, texts)
    SELECT r.id, COALESCE(body.part, 0), r.kind, cases.ids, years.first, years.last,
      CASE WHEN r.kind = 'article' THEN (SELECT body_length / 500 FROM public.article WHERE id = r.id) ELSE cited.count END,
      COALESCE(body.start_at, 0), COALESCE(body.end_at, 0),
      CASE WHEN body.part > 0 THEN '' ELSE heads.vector END,
      CASE WHEN body.part > 0 THEN '' ELSE heads.vector || CASE WHEN described.text <> '' THEN public.search_vector(left(described.text, 50000), 'B') ELSE '' END || public.search_vector(left(cited.quotes, 40000), 'C') END
        || CASE WHEN body.words <> '' THEN public.search_vector(body.words, 'D') ELSE '' END
    FROM (SELECT DISTINCT id FROM unnest(touched) AS id) AS t JOIN public.record AS r ON r.id = t.id
    CROSS JOIN LATERAL (SELECT CASE r.kind
      WHEN 'actor' THEN (SELECT string_agg(t.name, ' zq0gap0qz ') FROM (
        SELECT a.name FROM public.actor_alias AS a WHERE a.actor_id = r.id UNION ALL SELECT i.value FROM public.actor_identifier AS i WHERE i.actor_id = r.id) AS t)
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
      WHEN 'event' THEN (SELECT concat_ws(' zq0gap0qz ', description, scope_use) FROM public.event WHERE id = r.id) END AS text OFFSET 0) AS described
    CROSS JOIN LATERAL (SELECT count(DISTINCT (c.article_id, c.start_at, c.end_at))::int AS count, string_agg(DISTINCT c.quote, ' zq0gap0qz ') FILTER (WHERE c.state = 'anchored') AS quotes
      FROM public.citation AS c WHERE c.record_id = r.id) AS cited
    CROSS JOIN LATERAL (SELECT CASE r.kind WHEN 'case' THEN ARRAY[r.id] WHEN 'article' THEN (SELECT ARRAY[case_id] FROM public.article WHERE id = r.id)
      ELSE ARRAY(SELECT DISTINCT a.case_id FROM public.citation AS c JOIN public.article AS a ON a.id = c.article_id WHERE c.record_id = r.id) END AS ids) AS cases
    LEFT JOIN LATERAL (
      SELECT published_earliest AS first, published_latest AS last FROM public.article WHERE r.kind = 'article' AND id = r.id
      UNION ALL SELECT on_earliest, on_latest FROM public.event WHERE r.kind = 'event' AND id = r.id
      UNION ALL SELECT during_earliest, during_latest FROM public.affiliation WHERE r.kind = 'affiliation' AND id = r.id
      UNION ALL SELECT issued_earliest, issued_latest FROM public.permit WHERE r.kind = 'permit' AND id = r.id
      UNION ALL (SELECT e.on_earliest, e.on_latest FROM public.event_effect AS x JOIN public.event AS e ON e.id = x.event_id
        WHERE r.kind = 'measure' AND x.measure_id = r.id AND x.becomes = 'imposed' ORDER BY e.on_earliest NULLS FIRST, e.id LIMIT 1)
    ) AS dated ON true
    CROSS JOIN LATERAL (SELECT extract(year FROM dated.first)::int AS first, extract(year FROM dated.last)::int AS last) AS given
    CROSS JOIN LATERAL (SELECT CASE WHEN given.last - given.first < 10 THEN given.first END AS first, CASE WHEN given.last - given.first < 10 THEN given.last END AS last) AS years
    LEFT JOIN LATERAL (SELECT parts.* FROM (SELECT r.id WHERE r.kind = 'article' OFFSET 0) AS article CROSS JOIN LATERAL public.search_parts(article.id) AS parts) AS body ON true
    WHERE r.state = 'live';
END $$;

-- Replaced with the body, so it is said again (20261125141000_search_planned_once).
ALTER FUNCTION "refresh_search"(uuid[]) SET plan_cache_mode = force_generic_plan;
