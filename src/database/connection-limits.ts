/** Connections on which a process sends its short statements. */
export const maxPipelinedConnections = 2
/** Connections of a process beside those for reading: writes (4), exports (4), short statements, and the one that listens. */
const nonReadConnections = 9 + maxPipelinedConnections
/** Left to the process that holds the workers together, to commands that run beside the server, and to others. */
const reservedConnections = 10
const minReadPoolSize = 2

/**
 * How many connections for reading each process may hold, so that all processes together stay within what PostgreSQL
 * gives; null when there are too many processes for that.
 */
export function computeReadPoolSize(
  processes: number,
  poolSize: number,
  maxConnections: number,
): number | null {
  const readConnections =
    Math.floor((maxConnections - reservedConnections) / processes) - nonReadConnections
  return readConnections < minReadPoolSize ? null : Math.min(poolSize, readConnections)
}
