import { RuleName } from '../schema.ts'

/** The rule and the two records that it compares: enough to compute the finding again. */
type FindingIdentity = { rule: RuleName; anchor: string; counterpart: string }

const uuidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** The same as in the schema of a finding. */
const idPattern = new RegExp(`^([a-z-]+)\\.(${uuidPattern})\\.(${uuidPattern})$`)

/** `permit-under-measure.01936f5e-….01936f5f-…` */
export const formatFindingId = ({ rule, anchor, counterpart }: FindingIdentity): string =>
  [rule, anchor, counterpart].join('.')

/** Null: no finding has such an id. */
export function parseFindingId(id: string): FindingIdentity | null {
  const [, name, anchor = '', counterpart = ''] = idPattern.exec(id) ?? []
  const rule = RuleName.safeParse(name)
  if (!rule.success) return null
  return { rule: rule.data, anchor, counterpart }
}

/** The id directly before an id; a search after it begins at the id. */
export function findPreviousUuid(uuid: string): string {
  const value = BigInt(`0x${uuid.replaceAll('-', '')}`)
  const previous = value === 0n ? 0n : value - 1n
  const hex = previous.toString(16).padStart(32, '0')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
