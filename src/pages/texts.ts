/** All English texts of the pages that do not come from records. */

/** A plural that is not the singular with an `s`. */
const count = (number: number, singular: string, plural = `${singular}s`): string =>
  `${formatNumber(number)} ${number === 1 ? singular : plural}`

export const locale = 'en-GB'
const numberFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
export const formatNumber = (value: number): string => numberFormat.format(value)

export const texts = {
  site: 'Casefile',
  siteDescription:
    'What source documents say about arms exports, every fact tied to the exact passage that says it.',
  skip: 'Skip to the content',
  nav: { cases: 'Cases', search: 'Search', changes: 'Changes', about: 'About', review: 'Review' },
  searchLabel: 'Search records and articles',
  searchButton: 'Search',
  footer: 'Every fact on these pages rests on a passage that a program can check.',
  asJson: 'This page as data',
  otherFormats: 'Other formats',
  recordHistory: 'History of this record',
  correctRecord: 'Correct this record',
  reviseNotice: (day: string, revision: number) =>
    `You read this page as it was at revision ${revision}, written on ${day}.`,
  reviseAt: (instant: string) => `You read this page as it was on ${instant}.`,
  reviseAfterEnd: (revision: number) =>
    `Revision ${revision} is not written yet: this is the current state.`,
  reviseLabel: 'Earlier state',
  reviseNow: 'Read it as it is now',
  derivedTitle: 'Follows from events, not from a passage of its own',
  derived: 'from events',
  uncited: 'no passage of its own',
  uncitedTitle: 'No citation names this field; citations of the whole record may support it',
  notSaid: 'not said',
  notRecorded: 'Not recorded.',
  conflictTitle: 'Sources differ',
  conflict: (field: string) => `On “${field}” sources say different things.`,
  conflictChosen: 'On record',
  conflictOther: 'Another passage says',
  sourcesTitle: 'Passages',
  sourcesIntro: 'The exact words on which this record rests.',
  noSources: 'No passage is cited for this record.',
  technicalTitle: 'Technical details',
  wholeRecord: 'the record as a whole',
  supports: 'Supports',
  saysInstead: 'It says',
  saidBy: 'Said by',
  accordingTo: ', according to ',
  confidence: (value: number) => `Confidence of the editor: ${Math.round(value * 100)} of 100`,
  orphaned: 'This quote no longer holds',
  notes: {
    title: 'Notes',
    intro: 'The words on which the findings and events of this page rest.',
    note: (number: number) => `Note ${number}`,
    range: (first: number, last: number) => `Notes ${first}–${last}`,
  },
  openCitation: 'This passage on a page of its own',
  inArticle: 'In the article',
  backToText: 'Back to the text',
  relatedEvents: 'Events',
  relatedFindings: 'Findings',
  relatedPermits: 'Permits',
  members: 'Goods of this family',
  lifecycle: 'Course',
  certainty: { certain: 'Certain', possible: 'Possible' } as Record<string, string>,
  certaintyMark: { certain: '■', possible: '□' } as Record<string, string>,
  certaintyTitle: {
    certain: 'It follows from the records under every reading of their dates and goods.',
    possible: 'Another reading of the records is possible.',
  } as Record<string, string>,
  claimRating: { certain: 'Contradicted', possible: 'Possibly contradicted' } as Record<
    string,
    string
  >,
  start: {
    title: 'Case files on arms exports',
    lead: 'Who exported what to whom, under which permit, against which embargo, and what became of it. Every fact names the passage that says so.',
    cases: 'Cases',
    noCases: 'There is no case yet.',
    latest: 'What is new',
    nothingNew: 'Nothing was written yet.',
    findings: 'Findings',
    kinds: 'Browse',
    forPrograms: 'For programs',
    forProgramsText: 'Everything on these pages is also an API.',
    documentation: 'Documentation of the API',
    questions: 'Questions to begin with',
    allCases: 'All cases',
    allChanges: 'All changes',
    examples: [
      ['Which permits were issued for Turkey?', '/v1/permits?destination=turkey'],
      ['What happened, and what is certain of the order?', '/v1/timeline'],
      ['Who said what about Baykar?', '/v1/citations?record=actor/baykar'],
      ['Which permits were issued under an embargo?', '/v1/findings?rule=permit-under-measure'],
      ['How is Canada connected with Azerbaijan?', '/v1/network/paths?from=canada&to=azerbaijan'],
      ['What happened, as a table for a spreadsheet', '/v1/events?format=csv'],
    ] as const,
  },
  dossier: {
    kicker: 'Case',
    contents: 'On this page',
    findings: 'Findings',
    findingsIntro:
      'What follows from several records together. A finding is no verdict: it says what the records say, and how certain that is.',
    totals: 'Totals',
    totalsData: 'The numbers, and the records behind each',
    largeCase:
      'This case has so many records that its findings are computed on a page of their own.',
    noFindings: 'No rule finds anything in this case.',
    timeline: 'Timeline',
    timelineIntro: 'Events by the time at which they can have happened.',
    timelineTable: 'The events as a table',
    noEvents: 'No event is on record.',
    network: 'Network',
    networkIntro: 'Who is connected with whom, and by which records.',
    networkTable: 'The connections as a table',
    map: 'Map',
    mapTable: 'The places as a table',
    permits: 'Permits',
    measures: 'Measures',
    parties: 'Actors',
    goods: 'Goods',
    sources: 'Sources',
    newest: (shown: number, total: number) =>
      shown < total ? `The newest ${shown} of ${formatNumber(total)}.` : '',
    all: (total: number, noun: string) => `All ${count(total, noun)}`,
    passages: (number: number) => count(number, 'passage'),
    coverage: (cited: number, facts: number) =>
      `${formatNumber(cited)} of ${formatNumber(facts)} facts have a passage of their own.`,
    moreFindings: 'All findings of this case',
    moreEvents: 'All events of this case',
    pastOnly:
      'Findings, the network and the timeline are computed from the current records only. This page lists the records as they were.',
  },
  amounts: {
    unknown: 'not known',
    from: (low: string, isExcluded: boolean) => `${isExcluded ? 'more than' : 'at least'} ${low}`,
    to: (high: string, isExcluded: boolean) => `${isExcluded ? 'less than' : 'at most'} ${high}`,
    between: (low: string, high: string) => `${low} to ${high}`,
  },
  network: {
    picture: 'Network of the case',
    pictureDescription:
      'Circles are actors, squares goods, diamonds permits, triangles measures. A line opens the passage that states the connection. The table has all connections.',
    legend:
      'Circle: actor. Square: good. Diamond: permit. Triangle: measure. A line opens the passage behind it.',
    from: 'From',
    relation: 'Relation',
    to: 'To',
    evidence: 'Stated by',
    incomplete: 'The network is too large to be shown whole. It shows what was recorded last.',
  },
  map: {
    picture: 'Map of the places of events',
    pictureDescription: 'The places with coordinates. The list below has their events.',
    source:
      'Coasts and borders: Natural Earth, coarse; they say nothing about claims to territory. Positions of places are reference data.',
  },
  list: {
    total: (number: number) => count(number, 'record'),
    none: 'None.',
    more: 'More',
    name: 'Name',
  },
  timeline: {
    noDate: 'Date not known',
    certainAfter: 'certainly after all events above',
    possibleAfter: 'the order with events above is not certain',
    openStart: 'start not known',
    openEnd: 'end not known',
    picture: 'Timeline of the events',
    pictureDescription:
      'Each row is an event, in the order of the list below. A diamond is a day, a bar a longer time; a bar that fades is vague or open at that end.',
    legend:
      'Diamond: a day. Bar: it happened within this time. Fading: the source is vague, or that end is not known. Arrow: certainly after all events above.',
  },
  article: {
    kicker: 'Article',
    text: 'Text',
    textIntro:
      'Marked words are cited as evidence. The number after a passage leads to the facts that it carries.',
    facts: 'Facts by passage',
    noFacts: 'No passage of this article is cited yet.',
    long: 'The text is too long for a page.',
    readText: 'Read the plain text',
    received: 'The document as it was received',
    marker: (number: number, facts: number) => `Passage ${number}: ${count(facts, 'fact')}`,
    boilerplate: 'Not part of the article; cannot be cited',
    longList: (shown: number, total: number) =>
      `The first ${formatNumber(shown)} of ${count(total, 'passage')}.`,
  },
  citation: {
    kicker: 'Passage',
    supports: 'What it supports',
    surroundings: 'In its surroundings',
    check: 'Check against the stored text',
    holds: 'The quote stands in the stored text, word for word.',
    holdsNot: 'The quote does not hold.',
    intact: 'The stored text is unchanged since it was received.',
    notIntact: 'The stored text has changed.',
    cite: 'How to cite',
    speakers: 'Who says so',
    chain: 'The first is the closest to the fact.',
    position: (start: number, end: number) =>
      `Characters ${formatNumber(start)} to ${formatNumber(end)} of the text`,
  },
  finding: {
    kicker: 'Finding',
    reason: 'Why',
    records: 'What it rests on',
    limits: 'What it does not say',
    rule: 'Rule',
    definition: 'Definition',
    exception: 'Exception relied on',
    wouldBeCertain: 'What would make it certain',
    gone: 'There is no such finding now. Findings are computed from the records; when these change, a finding can end.',
  },
  search: {
    title: 'Search',
    prompt: 'Words, names, or a phrase in quotation marks.',
    none: (query: string) => `Nothing is found for “${query}”.`,
    total: (number: number, isExact: boolean) =>
      `${isExact ? '' : 'More than '}${count(number, 'record')}`,
    corrected: (from: string, to: string) => `“${from}” occurs nowhere. Searched for ${to}.`,
    all: 'All kinds',
    kindFilter: 'Kind',
    more: 'More results',
  },
  changes: {
    title: 'Changes',
    intro: 'What was written, newest first, field by field.',
    feed: 'Follow the changes in a feed reader (Atom)',
    none: 'No changes.',
    revision: (number: number) => `Revision ${formatNumber(number)}`,
    before: 'Before',
    after: 'After',
    field: 'Field',
    by: (author: string) => `by ${author}`,
    created: 'First recorded',
    action: {
      create: 'recorded',
      update: 'corrected',
      derive: 'changed with another record',
      retract: 'retracted',
      merge: 'merged',
    } as Record<string, string>,
    empty: 'nothing',
    removed: 'removed',
    otherRecord: 'another record',
    later: 'Later changes',
    pages: 'Pages',
    more: 'Earlier changes',
    newest: 'Newest changes',
  },
  history: {
    title: (name: string) => `History of ${name}`,
    readThen: 'Read it as it was then',
    ofRecord: 'History of the record',
  },
  about: {
    title: 'About these pages',
    purpose: [
      'Each case file collects source documents. Each fact in it is tied to a quote that stands in one of them, word for word. The quote is checked when it is written, and can be checked again at any time.',
      'What is not known is left out, what is disputed is shown with both passages, and a date is as precise as its source. Nothing is inferred from silence.',
    ],
    rulesTitle: 'Rules for findings',
    rulesIntro: 'Findings are computed from the records by these rules. They are no verdicts.',
    certain: 'Certain when',
    possible: 'Possible when',
    limits: 'Limits',
    ledgerTitle: 'The ledger',
    ledgerIntro:
      'Every change is in an append-only ledger. Whoever notes this number and hash today can prove later that nothing before them was changed.',
    revision: 'Newest revision',
    hash: 'Hash',
    written: 'Written',
    noLedger: 'Nothing was written yet.',
  },
  problems: {
    title: 'Problems',
    intro:
      'Every error of the API is a problem document (RFC 9457). Its `type` is the path of one of these pages.',
  },
  missing: {
    404: {
      title: 'Page not found',
      help: 'Look for the record by its name, or begin at the start page.',
    },
    410: {
      title: 'Retracted',
      help: 'The record was withdrawn. Its history stays readable.',
    },
    other: { title: 'This did not work' },
    explain: 'What this means',
  },
  requestId: (id: string) => `Request ${id}`,
  toStart: 'Start page',
  review: {
    title: 'Review desk',
    queue: 'Articles',
    queueIntro: 'The articles that were changed last, with the proposals that nobody has decided.',
    nothingOpen: 'No open proposal.',
    upload: 'Add a document',
    uploadIntro:
      'Plain text, HTML, PDF, DOCX, or a scan as PDF or picture. The server reads the text and drafts proposals.',
    case: 'Case',
    file: 'File',
    uploadButton: 'Add',
    proposals: 'Proposals',
    keys: 'Keys: j and k go to the next and the previous proposal; a accepts, e edits, r rejects it.',
    accept: 'Accept',
    edit: 'Edit',
    another: 'Add another',
    correct: 'Correct',
    correctIntro:
      'Change what is wrong. The history keeps the earlier state. Citations are changed beside the text of their article.',
    save: 'Save',
    changedMeanwhile: 'Somebody else changed this record since you opened it.',
    saveAgain:
      'Below is what they changed. Your entries are still in the form: check them, and save again.',
    reject: 'Reject',
    reason: 'Reason for rejecting',
    merge: 'Merge',
    mergeInto: 'The same as',
    slug: 'slug of the record',
    addsTo: 'Adds its passages to',
    alsoMakes: 'Accepting it also creates:',
    why: (score: number) => `Why (score ${score} of 100)`,
    showPassage: (number: number) => `Passage ${number} in the text`,
    done: {
      accepted: 'Accepted:',
      rejected: 'Rejected.',
      merged: 'Merged into:',
      cited: 'The citation was added to:',
      undone: 'Taken back. The history of the record keeps what happened.',
      other: 'Done.',
    } as Record<string, string> & { other: string },
    undo: 'Undo',
    undoReason: 'Take it back, because',
    undoDefault: 'Accepted by mistake.',
    cite: 'Add a citation',
    citeIntro: 'Select words in the text, or type them exactly as they stand there.',
    quote: 'Quote',
    record: 'Record (kind and slug)',
    field: 'Field; empty: the record as a whole',
    citeButton: 'Add citation',
  },
  register: {
    title: 'Import a register',
    intro:
      'A table that a government publishes, and a map that says what its columns mean. Check it first: nothing is written until you import it.',
    file: 'Table (CSV, XLSX, ODS, JSON)',
    map: 'Map (YAML)',
    side: 'Side tables, if the map joins some',
    check: 'Check',
    importAll: 'Import',
    would: 'What an import would do',
    did: 'Imported',
    nothingWritten: 'Nothing was written.',
    article: 'The release with its rows',
    counts: (rows: number, rejected: number, skipped: number, withdrawn: number) =>
      `${count(rows, 'row')}: ${rejected} not taken, ${skipped} not used by the map. ${count(withdrawn, 'record')} withdrawn.`,
    records: 'Records',
    kind: 'Kind',
    outcome: { added: 'Added', changed: 'Changed', renewed: 'Renewed', unchanged: 'Unchanged' },
    remarks: 'Remarks',
    rejects: (shown: number, all: number) =>
      shown < all
        ? `The first ${shown} of ${all} rows that are not taken`
        : 'Rows that are not taken',
    rejectColumns: ['Row', 'Column', 'Reason', 'Text'],
    leftOpen: 'Cells that no record can hold',
    leftOpenColumns: ['Cell', 'Rows', 'Perhaps'],
  },
  embed: {
    title: 'Show this on another site',
    label: 'HTML to copy',
    copy: 'Copy',
    source: 'Source and evidence: Casefile',
  },
  signIn: {
    title: 'Sign in',
    intro: 'Use an access key of this server. It is not stored in your browser.',
    needed: 'This server shows its pages to holders of an access key only.',
    key: 'Access key',
    button: 'Sign in',
    failed: 'This is not a valid key: unknown, revoked or expired.',
    out: 'Sign out',
    as: (name: string) => `Signed in as ${name}`,
  },
}

/** The kinds of record: singular and plural, as headings. */
export const kindNames: Readonly<Record<string, [singular: string, plural: string]>> = {
  case: ['Case', 'Cases'],
  article: ['Article', 'Articles'],
  actor: ['Actor', 'Actors'],
  affiliation: ['Affiliation', 'Affiliations'],
  good: ['Good', 'Goods'],
  permit: ['Permit', 'Permits'],
  measure: ['Measure', 'Measures'],
  event: ['Event', 'Events'],
  figure: ['Figure', 'Figures'],
  place: ['Place', 'Places'],
}

/** Names of fields that their identifiers do not give well. */
const fieldNames: Readonly<Record<string, string>> = {
  on: 'Date',
  about: 'Concerns',
  during: 'Time',
  bodyLength: 'Length of the text (characters)',
  bodySha256: 'SHA-256 of the text',
  sourceSha256: 'SHA-256 of the document as received',
  sourceMediaType: 'Media type',
  url: 'Address on the web',
  publishedOn: 'Published',
  issuedOn: 'Issued',
  inForce: 'In force',
  statedEndUse: 'Stated end use',
  exceptionRelied: 'Exception relied on',
  from: 'From',
  to: 'To',
}

/** `endUser` is `End user`. */
export const nameField = (field: string): string => fieldNames[field] ?? capitalise(spellOut(field))

/** A word of a closed list, e.g. `permit-decision` or `in-force`. */
export const nameWord = (word: string): string => word.replaceAll('-', ' ')

const spellOut = (identifier: string): string =>
  identifier.replaceAll(/([a-z])([A-Z])/g, (_match, end, start) => `${end} ${start.toLowerCase()}`)

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The path of a citation's field in words: `items.0.quantity` is `Items 1, quantity`. */
export const nameFieldPath = (path: string | null): string => {
  if (path === null) return texts.wholeRecord
  const [first = '', ...rest] = path.split('.')
  const words = rest.map((part) =>
    /^\d+$/.test(part) ? ` ${Number(part) + 1}` : `, ${spellOut(part)}`,
  )
  return `${nameField(first)}${words.join('')}`
}

export const countOf = count
