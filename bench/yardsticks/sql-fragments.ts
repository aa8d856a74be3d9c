/** Fragments of the hand-written SQL. The alias `r` is always the requested record. */

/** A reference to the record with this id; `kinds` is the plural of its kind, if that is fixed. */
export const referenceSql = (id: string, kinds?: string): string =>
  objectSql(
    `
      f.id,
      f.slug,
      f.name,
      ${kinds ? `'/v1/${kinds}/'` : `'/v1/' || f.kind || 's/'`} || f.slug AS href
      FROM record f
      WHERE f.id = ${id}`,
  )

export const objectSql = (select: string): string =>
  `(SELECT row_to_json(o) FROM (SELECT ${select}) o)`

export const arraySql = (select: string): string =>
  `COALESCE((SELECT json_agg(row_to_json(o)) FROM (SELECT ${select}) o), '[]')`

const placeSql = (id: string): string =>
  objectSql(
    `l.slug, l.name, l.country, l.latitude, l.longitude, l.source FROM place l WHERE l.id = ${id}`,
  )

/** The JSON of a date from the columns `<date>_edtf` and so on. */
export const statedDateSql = (date: string): string =>
  `
    CASE
      WHEN ${date}_edtf IS NOT NULL THEN ${objectSql(
        `
          ${date}_edtf AS edtf,
          ${date}_as_stated AS "asStated",
          ${date}_reasoning AS reasoning,
          ${date}_earliest AS earliest,
          ${date}_latest AS latest`,
      )}
    END`

export const citationsSql = arraySql(`
  c.id,
  c.field,
  ${referenceSql('c.article_id', 'articles')} AS article,
  c.start_at AS start,
  c.end_at AS "end",
  c.quote,
  c.prefix,
  c.suffix,
  c.value,
  ${arraySql(
    `
        ${referenceSql('v.actor_id', 'actors')} AS actor,
        v.document
        FROM citation_voice v
        WHERE v.citation_id = c.id
        ORDER BY v.position`,
  )} AS voices,
  c.confidence,
  c.state,
  c.state_reason AS "stateReason",
  c.fragment
  FROM citation c
  WHERE c.record_id = r.id
  ORDER BY c.position`)

/** The JSON of a sum of money, exact or not, in the table with this alias. */
const moneySql = (alias: string): string =>
  `
    CASE
      WHEN ${alias}.value_currency IS NOT NULL THEN ${objectSql(
        `
          trim_scale(${alias}.value_amount)::text AS amount,
          ${alias}.value_currency AS currency,
          trim_scale(COALESCE(${alias}.value_amount, ${alias}.value_low))::text AS low,
          trim_scale(COALESCE(${alias}.value_amount, ${alias}.value_high))::text AS high,
          ${alias}.value_excludes AS excludes,
          ${alias}.value_as_stated AS "asStated"`,
      )}
    END`

/** The entry of a permit in a list, from `r`, the permit `p` and the event `i` that issued it. */
export const permitColumnsSql = `
  r.id,
  r.kind,
  r.slug,
  r.revision,
  '/v1/permits/' || r.slug AS href,
  r.name AS title,
  p.number,
  ${referenceSql('p.issuer_id', 'actors')} AS issuer,
  ${referenceSql('p.exporter_id', 'actors')} AS exporter,
  ${referenceSql('p.consignee_id', 'actors')} AS consignee,
  ${referenceSql('p.end_user_id', 'actors')} AS "endUser",
  ${referenceSql('p.destination_id', 'actors')} AS destination,
  ${referenceSql('p.end_destination_id', 'actors')} AS "endDestination",
  ${arraySql(
    `
        ${referenceSql('t.good_id', 'goods')} AS good,
        t.quantity,
        CASE
          WHEN num_nonnulls(t.quantity, t.quantity_low, t.quantity_high, t.quantity_as_stated) > 0
          THEN ${objectSql(`
            COALESCE(t.quantity, t.quantity_low) AS low, COALESCE(t.quantity, t.quantity_high) AS high,
            t.quantity_excludes AS excludes, t.quantity_as_stated AS "asStated"`)}
        END AS "quantityRange",
        t.unit,
        COALESCE(
          (
            SELECT json_agg(json_build_object('list', list, 'code', code))
            FROM unnest(t.control_lists, t.control_codes) AS y (list, code)
          ),
          '[]'::json
        ) AS "controlEntries",
        ${moneySql('t')} AS value
        FROM permit_item t
        WHERE t.permit_id = r.id
        ORDER BY t.position`,
  )} AS items,
  ${moneySql('p')} AS value,
  ${statedDateSql('p.valid_until')} AS "validUntil",
  p.legal_basis AS "legalBasis",
  p.exception_relied AS "exceptionRelied",
  CASE
    WHEN p.stated_end_use IS NOT NULL THEN ${objectSql(
      `p.stated_end_use AS text, ${placeSql('p.stated_end_use_place_id')} AS place`,
    )}
  END AS "statedEndUse",
  p.restrictions,
  (
    SELECT
      CASE x.becomes
        WHEN 'reinstated' THEN 'issued'
        ELSE x.becomes
      END
    FROM event_effect x JOIN event e ON e.id = x.event_id
    WHERE x.permit_id = r.id AND x.becomes <> 'amended'
    ORDER BY
      COALESCE(e.on_earliest, '-infinity') DESC,
      COALESCE(e.on_latest, 'infinity') DESC,
      x.event_id DESC,
      x.position DESC
    LIMIT 1
  ) AS status,
  ${statedDateSql('i.on')} AS "issuedOn"`

/** The entry of an event in a list, from `r` and the event `e`. */
export const eventColumnsSql = `
  r.id,
  r.kind,
  r.slug,
  r.revision,
  '/v1/events/' || r.slug AS href,
  e.type,
  r.name AS title,
  ${statedDateSql('e.on')} AS "on",
  e.description,
  ${placeSql('e.place_id')} AS place,
  ${arraySql(
    `
        ${referenceSql('a.actor_id', 'actors')} AS actor,
        a.role
        FROM event_participant a
        WHERE a.event_id = r.id
        ORDER BY a.position`,
  )} AS participants,
  ${arraySql(
    `
        f.id,
        f.slug,
        f.name,
        '/v1/goods/' || f.slug AS href
        FROM event_good g JOIN record f ON f.id = g.good_id
        WHERE g.event_id = r.id
        ORDER BY g.position`,
  )} AS goods,
  ${arraySql(
    `
        ${referenceSql('b.permit_id', 'permits')} AS permit,
        ${referenceSql('b.measure_id', 'measures')} AS measure
        FROM event_about b
        WHERE b.event_id = r.id
        ORDER BY b.position`,
  )} AS about,
  ${arraySql(
    `
        ${referenceSql('x.permit_id', 'permits')} AS permit,
        ${referenceSql('x.measure_id', 'measures')} AS measure,
        x.becomes
        FROM event_effect x
        WHERE x.event_id = r.id
        ORDER BY x.position`,
  )} AS effects,
  CASE
    WHEN num_nonnulls (e.scope_end_user_id, e.scope_place_id, e.scope_use) > 0 THEN ${objectSql(
      `${referenceSql('e.scope_end_user_id', 'actors')} AS "endUser", ${placeSql('e.scope_place_id')} AS place, e.scope_use AS use`,
    )}
  END AS assurance`
