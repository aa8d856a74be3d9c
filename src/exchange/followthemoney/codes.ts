/** Languages that FollowTheMoney accepts (ISO 639-3), by their ISO 639-1 code. */
const iso639Codes: Readonly<Record<string, string>> = {
  af: 'afr',
  ar: 'ara',
  az: 'aze',
  be: 'bel',
  bn: 'ben',
  bs: 'bos',
  bg: 'bul',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  et: 'est',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  he: 'heb',
  hi: 'hin',
  hr: 'hrv',
  hu: 'hun',
  hy: 'hye',
  id: 'ind',
  is: 'isl',
  it: 'ita',
  ja: 'jpn',
  ka: 'kat',
  kk: 'kaz',
  km: 'khm',
  ko: 'kor',
  lt: 'lit',
  lv: 'lav',
  mk: 'mkd',
  mt: 'mlt',
  nl: 'nld',
  no: 'nor',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sk: 'slk',
  sl: 'slv',
  es: 'spa',
  sq: 'sqi',
  sr: 'srp',
  sv: 'swe',
  sw: 'swa',
  th: 'tha',
  tr: 'tur',
  uk: 'ukr',
  ur: 'urd',
  uz: 'uzb',
  vi: 'vie',
  zh: 'zho',
}

/** The language code of FollowTheMoney for a BCP 47 tag; null when there is none. */
export const findLanguageCode = (tag: string | null): string | null =>
  iso639Codes[tag?.split('-')[0]?.toLowerCase() ?? ''] ?? null

/** Properties of FollowTheMoney by identifier scheme. `idNumber` is used for all other schemes. */
const identifierProperties: Readonly<Record<string, string>> = {
  lei: 'leiCode',
  wikidata: 'wikidataId',
  duns: 'dunsCode',
  vat: 'vatCode',
  bic: 'swiftBic',
  swift: 'swiftBic',
  ogrn: 'ogrnCode',
  inn: 'innCode',
  registration: 'registrationNumber',
}

export const findIdentifierProperty = (scheme: string): string =>
  identifierProperties[scheme.toLowerCase()] ?? 'idNumber'

export const actorSchemata = {
  state: 'PublicBody',
  company: 'Company',
  person: 'Person',
  'public-body': 'PublicBody',
  'armed-force': 'Organization',
  organisation: 'Organization',
  publisher: 'Organization',
} as const
