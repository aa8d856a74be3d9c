/**
 * Request bodies for the operations that take one, by method, path and media type (unless JSON). They refer to the seed.
 * A test sends each to a seeded server: bodies of `/v1/<kinds>/{ref}` to the record in the response examples, bodies that
 * retract or merge to a record that was created with the body of `POST`.
 */

const reportVoices = ['the-globe-and-mail', 'panarmenian-net']
const documentVoices = [{ document: 'Canadian government documents' }, ...reportVoices]
const gallagherVoices = ['kelsey-gallagher', ...reportVoices]

const citationOf = (field: string, quote: string, voices: readonly unknown[] = reportVoices) => ({
  article: 'turkey-pressed-canada',
  quote,
  field,
  voices,
})

const barredQuote =
  'Canada first barred arms exports to Turkey back in 2019 over Ankara’s conduct in northern Syria'
const grantedAgainQuote =
  'but then granted military exports again for Turkish operations in the same third country'

const createExamples = {
  'POST /v1/cases': {
    slug: 'canada-committee-inquiry-wescam',
    title: 'The inquiry into Wescam imaging technology in Turkish-made drones',
    summary:
      'A committee of the House of Commons asks how restricted Canadian imaging technology turned up in drones operated by Azerbaijan.',
    citations: [
      citationOf('title', 'The House of Commons foreign affairs committee’s inquiry has focused'),
    ],
  },
  'POST /v1/articles': {
    slug: 'request-for-the-memo-of-may-2020',
    title: 'Request for the memo of 6 May 2020',
    type: 'letter',
    case: 'canada-turkey-wescam',
    language: 'en',
    publishedOn: { edtf: '2021-03', reasoning: 'The desk sent it in March 2021.' },
    text: 'Request for the memo of 6 May 2020\n\nWe ask for the memo of 6 May 2020 on exports to Turkey, and for all annexes to it.\n',
  },
  'POST /v1/articles multipart/form-data': {
    case: 'canada-turkey-wescam',
    slug: 'request-for-the-assurances',
    title: 'Request for the end-use assurances',
    type: 'letter',
    publishedOn: '2021-03-22',
    file: 'Request for the end-use assurances\n\nWe ask for every end-use assurance that was given for the seven systems, with its date and its signatory.\n',
  },
  'POST /v1/registers multipart/form-data': {
    file: 'number,issued,country\nA-17,2021-03-02,Azerbaijan\n',
    map: [
      'register: example',
      'case: canada-turkey-wescam',
      'article: { slug: example-licences-2021, title: Licences of 2021 }',
      'permit:',
      '  key: [number]',
      '  title: Licence {number}',
      '  number: { column: number }',
      '  issuer: { actor: canada }',
      '  issuedOn: { column: issued, formats: [yyyy-MM-dd] }',
      '  destination: { column: country, type: state }',
      '',
    ].join('\n'),
    dryRun: 'true',
  },
  'POST /v1/actors': {
    slug: 'parliamentary-committee',
    type: 'public-body',
    name: 'Parliamentary committee',
    aliases: [{ name: 'foreign affairs committee', language: 'en' }],
    citations: [
      citationOf('name', 'Documents released to a Parliamentary committee'),
      citationOf(
        'aliases.0',
        'Canadian government documents released to the foreign affairs committee',
      ),
    ],
  },
  'POST /v1/affiliations': {
    slug: 'trudeau-prime-minister-2021',
    actor: 'justin-trudeau',
    organisation: 'canada',
    role: 'Prime Minister',
    during: {
      edtf: '2021-01/2021-05',
      reasoning: 'The article has no "then-" before his post, as before that of Champagne.',
    },
    citations: [citationOf('role', 'the government of Prime Minister Justin Trudeau')],
  },
  'POST /v1/figures': {
    slug: 'mx-15d-licensed-for-turkey-2020',
    title: 'MX-15D systems that Canada licensed for Turkey in May 2020',
    measure: 'units-licensed',
    quantity: { asStated: 'seven' },
    unit: 'system',
    from: 'canada',
    to: 'turkey',
    good: 'mx-15d',
    period: { edtf: '2020-05', asStated: 'last May' },
    citations: [citationOf('quantity', 'seven MX-15D air-strike targeting systems')],
  },
  'POST /v1/goods': {
    slug: 'canadian-air-strike-targeting-gear',
    designation: 'Canadian-made air-strike targeting gear',
    manufacturer: 'l3harris-wescam',
    citations: [
      citationOf('designation', 'how Canadian-made air-strike targeting gear ended up in the 2020'),
      {
        ...citationOf('manufacturer', 'air-strike targeting systems made by L3Harris Wescam'),
        confidence: 0.8,
      },
    ],
  },
  'POST /v1/permits': {
    slug: 'wescam-mx15d-baykar-2020-05',
    title: 'Export permits for seven MX-15D air-strike targeting systems to Baykar',
    issuer: 'canada',
    exporter: 'l3harris-wescam',
    consignee: 'baykar',
    destination: 'turkey',
    items: [{ good: 'mx-15d', quantity: 7, unit: 'system' }],
    exceptionRelied: 'exceptional circumstances',
    statedEndUse: { text: 'to safeguard civilians', place: 'idlib' },
    restrictions: 'authorized for export to Turkey only',
    citations: [
      citationOf('issuer', 'Canada issued export permits last May'),
      citationOf('items.0.quantity', 'seven MX-15D air-strike targeting systems'),
      citationOf(
        'statedEndUse',
        'on the grounds it was necessary to safeguard civilians in Syria’s northwestern province of Idlib',
        ['turkey', ...documentVoices],
      ),
      citationOf('restrictions', 'The Wescam gear had been authorized for export to Turkey only.'),
    ],
  },
  'POST /v1/measures': {
    slug: 'canada-bars-arms-exports-2019',
    title: 'Canadian bar on arms exports to Turkey',
    imposer: 'canada',
    target: 'turkey',
    legalForm: 'embargo',
    scope: 'most categories of military gear',
    reason: { text: "Ankara's conduct in northern Syria", place: 'northern-syria' },
    citations: [
      citationOf('title', barredQuote, gallagherVoices),
      citationOf('scope', 'prohibited the export of most categories of military gear'),
    ],
  },
  'POST /v1/places': {
    slug: 'idlib-city',
    name: 'Idlib',
    country: 'SY',
    within: 'idlib',
    latitude: 35.9306,
    longitude: 36.6339,
    source: 'GeoNames (CC BY 4.0).',
  },
  'POST /v1/events': {
    slug: 'panarmenian-net-reports',
    type: 'report',
    title: 'PanARMENIAN.Net passes on the report of The Globe and Mail',
    on: {
      edtf: '2021-01/2021-05',
      reasoning: 'The page bears no date; the permits of May 2020 are of "last May".',
    },
    participants: [{ actor: 'panarmenian-net', role: 'reporter' }],
    about: [{ permit: 'wescam-mx15d-baykar-2020' }, { measure: 'canada-arms-embargo-turkey-2019' }],
    citations: [
      citationOf('title', 'The Globe and Mail reports.', ['panarmenian-net']),
      citationOf('on', 'Canada issued export permits last May'),
    ],
  },
}

const submissionExamples = {
  'POST /v1/articles/{ref}/proposals': {
    proposer: { name: 'my-extractor', version: '1.0', model: null },
    drafts: [
      {
        kind: 'actor',
        draft: {
          type: 'company',
          name: 'L3Harris Wescam',
          citations: [
            { quote: 'MX-15D air-strike targeting systems made by L3Harris Wescam', field: 'name' },
          ],
        },
        score: 0.8,
        reasons: ['It is named as the maker.'],
      },
    ],
  },
}

const updateExamples = {
  'PATCH /v1/cases/{ref}': { title: 'Canadian targeting gear, Turkey and Nagorno-Karabakh' },
  'PATCH /v1/articles/{ref}': {
    publishedOn: { asStated: 'last May' },
  },
  'PATCH /v1/articles/{ref}/spans': {
    spans: [
      { type: 'article', start: 0, end: 2_286 },
      { type: 'teaser', start: 2_287, end: 2_782, note: 'Teasers of other articles.' },
    ],
  },
  'PATCH /v1/actors/{ref}': {
    aliases: [{ name: 'Wescam', language: 'en' }, { name: 'L-3 WESCAM' }],
  },
  'PATCH /v1/affiliations/{ref}': { during: { reasoning: 'The day of the memo.' } },
  'PATCH /v1/figures/{ref}': { scope: 'The licences of one exporter.' },
  'PATCH /v1/goods/{ref}': { description: 'air-strike targeting system made by L3Harris Wescam' },
  'PATCH /v1/permits/{ref}': {
    statedEndUse: { text: 'to safeguard civilians in Syria’s northwestern province of Idlib' },
  },
  'PATCH /v1/measures/{ref}': {
    scope: 'most categories of military gear to Turkish customers',
  },
  'PATCH /v1/events/{ref}': {
    description: 'The permits come despite an arms embargo in place since late 2019.',
  },
  'PATCH /v1/places/{ref}': { otherNames: [{ name: 'Idleb', language: 'fr' }] },
  'PATCH /v1/citations/{id}': {
    quote: 'MX-15D air-strike targeting systems made by L3Harris Wescam',
    confidence: 0.6,
  },
}

const retractExamples = {
  'DELETE /v1/cases/{ref}': { reason: 'The inquiry is part of canada-turkey-wescam.' },
  'DELETE /v1/articles/{ref}': { reason: 'A request of our own is no source of facts.' },
  'DELETE /v1/actors/{ref}': {
    reason: 'The committee is there already: house-of-commons-foreign-affairs-committee.',
  },
  'DELETE /v1/affiliations/{ref}': {
    reason: 'The article does not say that he is in the post when it appears.',
  },
  'DELETE /v1/figures/{ref}': { reason: 'The source counts permits, not systems.' },
  'DELETE /v1/goods/{ref}': { reason: 'The same gear as wescam-imaging-technology.' },
  'DELETE /v1/permits/{ref}': { reason: 'Entered twice: see wescam-mx15d-baykar-2020.' },
  'DELETE /v1/measures/{ref}': {
    reason: 'The embargo is there already: canada-arms-embargo-turkey-2019.',
  },
  'DELETE /v1/events/{ref}': { reason: 'The article itself is no event of the case.' },
  'DELETE /v1/places/{ref}': { reason: 'The place is there already: idlib.' },
}

const citationExamples = {
  'POST /v1/cases/{ref}/citations': citationOf(
    'title',
    'turned up in Turkish-made drones being operated by Azerbaijan in the battle over Nagorno-Karabakh',
  ),
  'POST /v1/articles/{ref}/citations': citationOf(
    'title',
    'show Turkey had pressed Ottawa to allow the shipment',
    documentVoices,
  ),
  'POST /v1/actors/{ref}/citations': citationOf(
    'country',
    'restricted Canadian imaging technology, made by Burlington, Ont.-based L3Harris Wescam',
  ),
  'POST /v1/affiliations/{ref}/citations': citationOf('actor', 'In the memo, Morgan said'),
  'POST /v1/figures/{ref}/citations': citationOf('title', 'seven MX-15D'),
  'POST /v1/goods/{ref}/citations': citationOf('designation', 'seven MX-15D'),
  'POST /v1/permits/{ref}/citations': {
    ...citationOf('statedEndUse.text', 'to protect civilians under attack in Syria', [
      'turkey',
      ...documentVoices,
    ]),
    value: 'to protect civilians under attack',
  },
  'POST /v1/measures/{ref}/citations': citationOf(
    'legalForm',
    'circumvented an arms embargo',
    documentVoices,
  ),
  'POST /v1/events/{ref}/citations': citationOf(
    'goods.0',
    'seven MX-15D air-strike targeting systems',
  ),
  'POST /v1/places/{ref}/citations': citationOf('name', 'northwestern province of Idlib'),
}

const mergeAndBatchExamples = {
  'POST /v1/places/{ref}/merge': { into: 'idlib' },
  'POST /v1/actors/{ref}/merge': { into: 'house-of-commons-foreign-affairs-committee' },
  'POST /v1/goods/{ref}/merge': { into: 'wescam-imaging-technology' },
  'POST /v1/batch': {
    items: [
      {
        op: 'create',
        kind: 'permit',
        as: 'again',
        record: {
          slug: 'canada-military-exports-granted-again',
          title: 'Military exports that Canada granted again for Turkish operations in Syria',
          issuer: 'canada',
          destination: 'turkey',
          statedEndUse: { text: 'for Turkish operations', place: 'syria' },
          citations: [citationOf('title', grantedAgainQuote, gallagherVoices)],
        },
      },
      {
        op: 'create',
        kind: 'event',
        record: {
          slug: 'canada-grants-military-exports-again',
          type: 'permit-decision',
          title: 'Canada grants military exports to Turkey again',
          on: { edtf: '2019/2021-05', reasoning: 'After the bar of 2019, before the article.' },
          participants: [{ actor: 'canada', role: 'issuer' }],
          effects: [{ permit: '$again', becomes: 'issued' }],
          citations: [
            citationOf('title', grantedAgainQuote, gallagherVoices),
            citationOf('on', barredQuote, gallagherVoices),
          ],
        },
      },
      {
        op: 'update',
        kind: 'event',
        ref: 'gallagher-asks-why',
        ifMatch: '*',
        patch: { about: [{ permit: '$again' }, { measure: 'canada-arms-embargo-turkey-2019' }] },
      },
    ],
  },
}

const reviewExamples = {
  'POST /v1/proposals/{id}/accept': {
    edits: {
      title: 'Deputy minister of foreign affairs recommends that the minister permit the export',
      about: [{ permit: 'wescam-mx15d-baykar-2020' }],
    },
    withNeeded: true,
  },
  'POST /v1/proposals/{id}/reject': { reason: 'The article does not say whose reports.' },
  'POST /v1/proposals/{id}/merge': { into: 'canada-issues-permits-for-baykar' },
}

const reconcileExamples = {
  'POST /reconcile application/x-www-form-urlencoded': {
    queries: JSON.stringify({
      q0: { query: 'L-3 WESCAM', type: 'company' },
      q1: { query: 'Baykar Makina', properties: [{ pid: 'country', v: 'Turkey' }] },
    }),
  },
}

export const requestExamples: Readonly<Record<string, object>> = {
  ...createExamples,
  ...submissionExamples,
  ...updateExamples,
  ...retractExamples,
  ...citationExamples,
  ...mergeAndBatchExamples,
  ...reviewExamples,
  ...reconcileExamples,
}
