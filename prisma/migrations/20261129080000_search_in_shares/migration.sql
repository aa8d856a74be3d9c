-- A word that stands in every second document has an entry for each of them in the index, and the index gives all of them or none. So the
-- records fall by the last byte of their ids, which says nothing about them, into a 64th, seven times as many, and the rest, and
-- the words of each have an index of their own: search looks into the next one only while it has not found enough.
DROP INDEX "search_document_texts_idx";

-- The words of an article are most often more than a quarter of a page, and lay in pieces elsewhere: five pages were read to look for
-- a phrase in them. They stay with their row as long as it fits on a page.
ALTER TABLE "search_document" SET (toast_tuple_target = 8160);
UPDATE "search_document" SET "texts" = "texts" || ''::tsvector WHERE pg_column_size("texts") > 1900;

CREATE INDEX "search_document_first_texts_idx" ON "search_document" USING gin ("texts") WITH (gin_pending_list_limit = 1024)
  WHERE "part" = 0 AND get_byte(uuid_send("record_id"), 15) < 4;
CREATE INDEX "search_document_next_texts_idx" ON "search_document" USING gin ("texts") WITH (gin_pending_list_limit = 1024)
  WHERE "part" = 0 AND get_byte(uuid_send("record_id"), 15) >= 4 AND get_byte(uuid_send("record_id"), 15) < 32;
CREATE INDEX "search_document_last_texts_idx" ON "search_document" USING gin ("texts") WITH (gin_pending_list_limit = 1024)
  WHERE "part" = 0 AND get_byte(uuid_send("record_id"), 15) >= 32;
