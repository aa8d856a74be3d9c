/** `npm run test:attack` runs everything; `npm test` runs a short form, a few seconds for each file. */
export const isFullAttack = process.env.ATTACK === 'full'

/** A number for the full attack, and one for the short form. */
export const scaled = (full: number, short: number): number => (isFullAttack ? full : short)
