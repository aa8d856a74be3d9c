import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import { plainWords } from '../../evidence/names/letters.ts'
import { Problem, type RecordReference } from '../../problem.ts'
import { stateOf } from '../kinds/actors/rules.ts'
import { referenceMembers } from '../model/sql-json.ts'

/** A live actor of type `state`. */
type StateActor = {
  reference: RecordReference
  country: string | null
  aliases: string[]
}

/**
 * Refuses a state that is another live one under another spelling or code. Call it at the end of a write, with the actors that
 * it made or corrected; `pointers` has their JSON pointers.
 *
 * @throws {Problem} state-known, with the state that is there
 */
export async function checkDistinctStates(
  db: Db,
  changedIds: readonly string[],
  pointers: ReadonlyMap<string, string>,
): Promise<void> {
  if (!(await hasLiveState(db, changedIds))) return
  const states = await loadStateActors(db)
  const idsByKey = new Map<string, StateActor[]>()
  for (const state of states)
    for (const key of listIdentityKeys(state)) {
      const sharing = idsByKey.get(key) ?? []
      idsByKey.set(key, sharing)
      sharing.push(state)
    }
  // Of two states of the same write, the later one is wrong.
  for (const id of changedIds.toReversed()) {
    const changed = states.find(({ reference }) => reference.id === id)
    if (changed === undefined) continue
    const other = listIdentityKeys(changed)
      .flatMap((key) => idsByKey.get(key) ?? [])
      .find(({ reference }) => reference.id !== id)
    if (other !== undefined) throw buildStateKnownProblem(changed, other, pointers.get(id))
  }
}

/** What says which state an actor is. */
type NamedState = { name: string; country: string | null; aliases: readonly { name: string }[] }

/** A function that finds the live state that a new one would be; null if there is none. */
export async function createSameStateFinder(
  db: Db,
): Promise<(state: NamedState) => RecordReference | null> {
  const states = await loadStateActors(db)
  return ({ name, country, aliases }) => {
    const reference = { id: '', slug: '', name, href: '' }
    const names = aliases.map((alias) => alias.name)
    const keys = new Set(listIdentityKeys({ reference, country, aliases: names }))
    const same = states.find((state) => listIdentityKeys(state).some((key) => keys.has(key)))
    return same?.reference ?? null
  }
}

/** Its code, if it has one; else its names. */
function listIdentityKeys({ reference: { name }, country, aliases }: StateActor): string[] {
  const code = stateOf({ type: 'state', name, country, aliases })
  if (code !== null) return [`code ${code}`]
  return [name, ...aliases].map((one) => `name ${plainWords(one).join(' ')}`)
}

function buildStateKnownProblem(
  { reference: { name }, country, aliases }: StateActor,
  { reference: other }: StateActor,
  pointer: string | undefined,
): Problem {
  const code = stateOf({ type: 'state', name, country, aliases })
  const what = code === null ? `"${name}"` : `"${name}" is the state ${code}, which`
  const detail = `${what} is there already as ${other.href} (${other.name}); refer to it, and add other names to its \`aliases\``
  return new Problem('state-known', pointer === undefined ? detail : `${pointer}: ${detail}`, {
    references: [other],
    ...(pointer !== undefined && { errors: [{ pointer, detail }] }),
  })
}

async function hasLiveState(db: Db, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false
  const { rows } = await sql`
    SELECT 1
    FROM actor JOIN record ON record.id = actor.id
    WHERE actor.id = ANY(${[...ids]}::uuid[]) AND actor.type = 'state' AND record.state = 'live'
    LIMIT 1`.execute(db)
  return rows.length > 0
}

async function loadStateActors(db: Db): Promise<StateActor[]> {
  const { rows } = await sql<StateActor>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference, actor.country, ARRAY(
      SELECT actor_alias.name
      FROM actor_alias
      WHERE actor_alias.actor_id = actor.id
      ORDER BY actor_alias.position
    ) AS aliases
    FROM actor JOIN record ON record.id = actor.id
    WHERE actor.type = 'state' AND record.state = 'live'
    ORDER BY record.id`.execute(db)
  return rows
}
