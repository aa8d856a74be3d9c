-- AlterTable
ALTER TABLE "article_span" ADD COLUMN "confidence" DOUBLE PRECISION;
ALTER TABLE "citation" ADD COLUMN "source" TEXT NOT NULL DEFAULT 'text';
ALTER TABLE "citation" ADD COLUMN "source_confidence" DOUBLE PRECISION;

-- Checks
ALTER TABLE "article_span" DROP CONSTRAINT "article_span_type_check";
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_type_check" CHECK ("type" IN ('article', 'caption', 'page', 'note', 'table', 'header', 'footer', 'struck', 'ocr', 'boilerplate', 'navigation', 'teaser'));
ALTER TABLE "article_span" ADD CONSTRAINT "article_span_confidence_check" CHECK ("confidence" IS NULL OR ("confidence" BETWEEN 0 AND 1 AND "type" = 'ocr'));
ALTER TABLE "citation" ADD CONSTRAINT "citation_source_check" CHECK ("source" IN ('text', 'ocr'));
ALTER TABLE "citation" ADD CONSTRAINT "citation_source_confidence_check" CHECK ("source_confidence" IS NULL OR ("source_confidence" BETWEEN 0 AND 1 AND "source" = 'ocr'));
ALTER TABLE "article_metadata" DROP CONSTRAINT "article_metadata_name_check";
ALTER TABLE "article_metadata" ADD CONSTRAINT "article_metadata_name_check" CHECK ("name" IN ('title', 'byline', 'published', 'modified', 'language', 'canonicalUrl', 'siteName', 'description', 'encoding', 'omitted'));

-- No part that cannot be cited is searched.
CREATE OR REPLACE FUNCTION search_parts(searched uuid) RETURNS TABLE (part int, start_at int, end_at int, words text) LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  longest CONSTANT int := 60000;
  stored record;
  span record;
  rest text;
  cut text;
  at int;
BEGIN
  part := 0;
  FOR stored IN
    SELECT 0 AS first, a.body AS text FROM public.article AS a WHERE a.id = searched AND a.body IS NOT NULL
    UNION ALL SELECT p.start_at, p.text FROM public.article_part AS p WHERE p.article_id = searched ORDER BY first
  LOOP
    start_at := stored.first;
    rest := stored.text;
    WHILE rest <> '' LOOP
      cut := left(rest, longest);
      IF char_length(rest) > longest THEN
        at := strpos(reverse(right(cut, 2000)), ' ');
        cut := left(cut, char_length(cut) + 1 - greatest(at, 1));
      END IF;
      rest := substr(rest, char_length(cut) + 1);
      end_at := start_at + char_length(cut);
      words := '';
      at := start_at;
      FOR span IN SELECT s.start_at AS first, s.end_at AS past FROM public.article_span AS s
        WHERE s.article_id = searched AND s.type IN ('boilerplate', 'navigation', 'teaser', 'header', 'footer', 'struck') AND s.start_at < search_parts.end_at AND s.end_at > search_parts.start_at ORDER BY s.start_at
      LOOP
        words := words || substr(cut, at - start_at + 1, greatest(0, span.first - at)) || ' zq0gap0qz ';
        at := greatest(at, span.past);
      END LOOP;
      words := words || substr(cut, at - start_at + 1);
      RETURN NEXT;
      part := part + 1;
      start_at := end_at;
    END LOOP;
  END LOOP;
END $$;
