/** Connections of a process for short statements. */
export const maxPipelinedConnections = 2
/** Connections of a process besides reads and exports: writes (4), short statements, and one that listens. */
const otherConnections = 5 + maxPipelinedConnections
/** For the supervising process, for commands that run beside the server, and for other programs. */
const reservedConnections = 10
const minReadPoolSize = 2

/**
 * The size of the read pool of each process, so that all processes together fit into the connections of PostgreSQL. Null
 * when there are too many processes.
 */
export function computeReadPoolSize(
  { processes, poolSize, exports }: { processes: number; poolSize: number; exports: number },
  maxConnections: number,
): number | null {
  const readConnections =
    Math.floor((maxConnections - reservedConnections) / processes) - otherConnections - exports
  return readConnections < minReadPoolSize ? null : Math.min(poolSize, readConnections)
}
