/** A `DATE` column, which Prisma takes as UTC midnight, from an ISO date (2026-01-31). */
export const parseIsoDate = (day: string): Date => new Date(`${day}T00:00:00Z`)
