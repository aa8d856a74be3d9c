import type { Grade } from '../rules.ts'
import type { Certainty } from '../schema.ts'

export const certain = (reason: string): Grade => ({ certainty: 'certain', reason, needs: null })
export const possible = (reason: string, needs: string): Grade => ({
  certainty: 'possible',
  reason,
  needs,
})

export const isCertain = ({ certainty }: Grade): boolean => certainty === 'certain'

type CombinedGrade = { certainty: Certainty; reason: string; neededForCertainty: string[] }

/** A finding is as certain as its least certain step. The reason joins the reasons of these steps. */
export function combineGrades(grades: readonly Grade[]): CombinedGrade {
  const doubts = grades.filter((grade) => !isCertain(grade))
  const decidingGrades = doubts.length > 0 ? doubts : grades
  return {
    certainty: doubts.length > 0 ? 'possible' : 'certain',
    reason: [...new Set(decidingGrades.map(({ reason }) => reason))].join(' '),
    neededForCertainty: [...new Set(doubts.flatMap(({ needs }) => needs ?? []))],
  }
}

/** The first certain entry, else the first one. */
export const findMostCertain = <T>(
  entries: readonly T[],
  getGrades: (entry: T) => readonly Grade[],
): T | null => entries.find((entry) => getGrades(entry).every(isCertain)) ?? entries[0] ?? null
