/** Connections on which a process sends its short statements. */
export const lanesAtOnce = 2
/** Connections of a process beside those for reading: writes (4), exports (4), short statements, and the one that listens. */
const besidesReads = 9 + lanesAtOnce
/** Left to the process that holds the workers together, to commands that run beside the server, and to others. */
const spare = 10
const leastForReads = 2

/**
 * How many connections for reading each process may hold, so that all processes together stay within what PostgreSQL
 * gives; null when there are too many processes for that.
 */
export function readsOf(
  processes: number,
  poolSize: number,
  connectionsMax: number,
): number | null {
  const each = Math.floor((connectionsMax - spare) / processes) - besidesReads
  return each < leastForReads ? null : Math.min(poolSize, each)
}
