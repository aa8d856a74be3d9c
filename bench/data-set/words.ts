/** States as they stand in export statistics: those that trade most come first. */
export const states =
  `CA Canada|TR Turkey|US United States|SA Saudi Arabia|GB United Kingdom|DE Germany|FR France|AE United Arab Emirates|AZ Azerbaijan|IL Israel|IT Italy|EG Egypt|SE Sweden|IN India|KR South Korea|QA Qatar|CH Switzerland|PK Pakistan|NL Netherlands|AU Australia|ES Spain|DZ Algeria|CZ Czechia|BR Brazil|PL Poland|KW Kuwait|NO Norway|IQ Iraq|FI Finland|MA Morocco|BE Belgium|ID Indonesia|AT Austria|TH Thailand|GR Greece|SG Singapore|ZA South Africa|JO Jordan|RS Serbia|OM Oman|BG Bulgaria|VN Viet Nam|UA Ukraine|MY Malaysia|RO Romania|PH Philippines|SK Slovakia|CO Colombia|HU Hungary|MX Mexico|PT Portugal|CL Chile|DK Denmark|PE Peru|JP Japan|NG Nigeria|BA Bosnia and Herzegovina|KE Kenya|HR Croatia|BH Bahrain|SI Slovenia|AM Armenia|LT Lithuania|GE Georgia|LV Latvia|KZ Kazakhstan|EE Estonia|UZ Uzbekistan|IE Ireland|TM Turkmenistan|LU Luxembourg|BD Bangladesh|NZ New Zealand|LK Sri Lanka|AR Argentina|NP Nepal|EC Ecuador|ET Ethiopia|UY Uruguay|GH Ghana|BO Bolivia|SN Senegal|PY Paraguay|CI Côte d’Ivoire|CY Cyprus|CM Cameroon|MT Malta|UG Uganda|IS Iceland|TZ Tanzania|AL Albania|RW Rwanda|MK North Macedonia|ML Mali|ME Montenegro|TD Chad|MD Moldova|NE Niger|LB Lebanon|TN Tunisia`
    .split('|')
    .map((entry) => ({ code: entry.slice(0, 2), name: entry.slice(3) }))

const splitWords = (text: string) => text.split(' ') as [string, ...string[]]

export const syllables = {
  first: splitWords(
    'Nor Vel Tar Bay Ker Sol Mar Al Hav Est Gren Zan Ost Pol Rhe Cal Dra Fen Hel Ist Jor Kol Lum Mer Nav Or Pra Quin Ros Sar',
  ),
  last: splitWords(
    'vex kar dyne tek mont sel rion gard lis max pol tar var dex nia cor mar stan bek ley wick thal ves lan dor met ris ton zor kan',
  ),
}
export const sectors = splitWords(
  'Aerospace Optics Dynamics Armaments Electronics Shipyards Avionics Ballistics Propulsion Systems Defence Robotics',
)
export const companyForms = splitWords('Ltd. Inc. GmbH A.Ş. S.A. AB Corp. S.p.A. LLC Oy')
export const firstNames = splitWords(
  'Kelsey Ayşe François Zoë Levon İlham Marie John Ngozi Łukasz Søren Elif Anna José Mehmet Irina Rob David Chiara Tomáš Fatima Omar Leyla Hélène Pavel Michelle Yusuf Greta Ana Viktor',
)
export const lastNames = splitWords(
  'Gallagher Öztürk Lefèvre Müller Hakobyan Əliyev Champagne Morgan Okafor Kowalski Ångström Demir Novák García Yılmaz Petrova Oliphant Romano Svoboda Haddad Nasser Bāqirī Dubois Ivanov Chase Arslan Lindqvist Fernández Horvat Silva',
)
export const publisherNames = splitWords(
  'Mail Herald Times Courier Gazette Tribune Monitor Observer',
)
export const bodies = [
  'Ministry of Defence of',
  'Ministry of Foreign Affairs of',
  'Air Force of',
  'Armed Forces of',
  'Coast Guard of',
  'National Police of',
  'Committee on Foreign Affairs of',
  'Export Control Office of',
] as const
export const goodKinds = [
  'air-strike targeting system',
  'electro-optical turret',
  'armoured vehicle',
  'night vision goggle',
  'sniper rifle',
  'guided missile',
  'drone engine',
  'satellite terminal',
  'radar antenna',
  'artillery fuse',
  'jamming pod',
  'patrol boat',
] as const
export const controlLists = ['EU ML', 'WA ML', 'US USML', 'CA ECL', 'EU DU'] as const
export const units = ['system', 'piece', 'vehicle', 'round', 'kit'] as const
export const uses = [
  'to protect civilians under attack in the north of the country',
  'for border surveillance by the coast guard',
  'for training flights and the maintenance of systems already delivered',
  'to equip unmanned aircraft that patrol the southern frontier',
  'for the protection of a peacekeeping contingent',
  'for tests on the manufacturer’s own range before a decision on a larger order',
] as const
export const exceptions = [
  'exceptional circumstances',
  'cooperation programmes within the alliance',
  'goods for humanitarian purposes',
  'contracts signed before the measure came into force',
] as const
export const restrictions = [
  'Export to the named destination only; no re-export without the written consent of the issuer.',
  'Delivery in lots; the second lot only after the first delivery verification.',
  'The consignee keeps the goods at the named site and admits inspectors on request.',
] as const

/** What reporters write between the facts. */
export const unrelatedSentences = [
  'The documents were released to a parliamentary committee after months of requests by its members',
  'A spokesperson for the department declined to say whether the assessment had been revisited since then',
  'Officials familiar with the file said that the assessment had rested on assurances given at ministerial level',
  'Researchers who examined wreckage photographed near the front said serial numbers matched those in the export papers',
  'The company said in a written statement that it complies with all laws and regulations that apply to its exports',
  'Opposition members asked why the exception had been invoked when the embargo was meant to close exactly that gap',
  'No answer had been received by the time of publication, although questions were first sent several weeks ago',
  'Human rights organisations have argued for years that end-use assurances of this kind cannot be checked afterwards',
  'The annual report to the legislature lists the value of the goods but neither their number nor their final user',
  'According to the minutes, the risk of diversion was rated as low by two of the three divisions that were consulted',
  'The treaty obliges its parties to refuse an export when there is an overriding risk of serious violations',
  'Under the rules in force at the time, a permit was valid for two years and could be extended once',
] as const
export const spokenSentences = [
  'What is the logic here?',
  'We were told that the matter had been settled between the capitals, and that no further questions would be welcome.',
  'Nobody in this building believed that the equipment would stay where the papers said it would.',
  'An assurance is only as good as the will to check it, and that will was never there.',
  'The exception has become the rule, and the rule is now a piece of paper.',
] as const
