/** The value of a `DATE` column for Prisma, UTC midnight, from an ISO date (2026-01-31). */
export const parseIsoDate = (day: string): Date => new Date(`${day}T00:00:00Z`)
