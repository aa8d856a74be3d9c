-- Families of goods of any depth, without cycles, and control list entries as a hierarchy.
CREATE FUNCTION check_good_family() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE above (id) AS (
      SELECT NEW.family_id
      UNION SELECT good.family_id FROM above JOIN good ON good.id = above.id WHERE good.family_id IS NOT NULL
    )
    SELECT 1 FROM above WHERE id = NEW.id
  ) THEN
    RAISE EXCEPTION 'A good is not of its own family.' USING ERRCODE = 'check_violation', CONSTRAINT = 'good_family_acyclic_check', TABLE = 'good';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "good_family_acyclic" AFTER INSERT OR UPDATE OF "family_id" ON "good"
  FOR EACH ROW WHEN (NEW."family_id" IS NOT NULL) EXECUTE FUNCTION check_good_family();

-- A good, and all goods of its family at any level.
CREATE FUNCTION goods_of_family(family uuid) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 10 AS $$
  WITH RECURSIVE member (id) AS (
    SELECT family
    UNION SELECT good.id FROM member JOIN good ON good.family_id = member.id
  )
  SELECT id FROM member
$$;

-- The entries of control lists that hold these: of ML10a also ML10 and ML. A part ends where digits change to letters or back.
CREATE FUNCTION control_ancestors(codes text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(array_agg(DISTINCT left(code, length)), '{}')
  FROM unnest(codes) AS code, generate_series(1, char_length(code)) AS length
  WHERE length = char_length(code)
    OR NOT (substr(code, length, 2) ~ '^([0-9]{2}|[[:alpha:]]{2})$')
$$;

DROP INDEX "permit_item_control_codes_idx";
CREATE INDEX "permit_item_control_ancestors_idx" ON "permit_item" USING gin (control_ancestors("control_codes")) WHERE "control_codes" <> '{}';
