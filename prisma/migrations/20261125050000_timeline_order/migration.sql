-- The order of a timeline as one value, with the expression of src/answers/timeline/queries.ts: the last day, then the
-- first; undated events last.
CREATE INDEX "event_in_order_idx" ON "event" ((ARRAY[COALESCE("on_latest", 'infinity'::date), CASE WHEN "on_edtf" IS NULL THEN 'infinity'::date ELSE COALESCE("on_earliest", '-infinity'::date) END]), "id");
