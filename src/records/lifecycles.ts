import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import { measureStateAfter, measureTransitions } from './measures/rules.ts'
import { permitStateAfter, permitTransitions } from './permits/rules.ts'
import { effectsOn } from './shapes.ts'

type Step = { slug: string; becomes: string; event: string }

/**
 * Holds the lives of permits and measures, as their events now tell them, against what is possible. Call it at the end
 * of every write that touched an effect or the date of an event with effects.
 *
 * @throws {Problem} impossible-transition, naming the state and what is possible from there
 */
export async function checkLifecycles(
  db: Db,
  targets: { permits: readonly string[]; measures: readonly string[] },
): Promise<void> {
  for (const id of new Set(targets.permits))
    walk('permit', await stepsOf(db, 'permit', id), permitTransitions, permitStateAfter)
  for (const id of new Set(targets.measures))
    walk('measure', await stepsOf(db, 'measure', id), measureTransitions, measureStateAfter)
}

async function stepsOf(db: Db, target: 'permit' | 'measure', id: string): Promise<Step[]> {
  const { from, order } = effectsOn(target)
  const table = sql.table(target)
  const { rows } = await sql<Step>`
    SELECT (SELECT slug FROM record WHERE id = ${table}.id) AS slug, steps.becomes, steps.event FROM ${table},
    LATERAL (SELECT event_effect.becomes, (SELECT slug FROM record WHERE id = event.id) AS event, row_number() OVER (ORDER BY ${order}) AS step FROM ${from}) AS steps
    WHERE ${table}.id = ${id} ORDER BY steps.step`.execute(db)
  return rows
}

function walk<State extends string, Becomes extends string>(
  target: 'permit' | 'measure',
  steps: readonly Step[],
  transitions: Readonly<Record<State, readonly Becomes[]>>,
  after: (state: State, becomes: Becomes) => State,
): void {
  let state = 'none' as State
  for (const { slug, becomes, event } of steps) {
    const possible = transitions[state]
    const next = possible.find((word) => word === becomes)
    if (next === undefined) {
      const now = state === 'none' ? 'nothing yet' : state
      const choice = possible.length === 0 ? 'nothing more' : possible.join(', ')
      throw new Problem(
        'impossible-transition',
        `The event ${event} makes the ${target} ${slug} ${becomes}, but by then it is ${now}, from where it can become: ${choice}.`,
      )
    }
    state = after(state, next)
  }
}
