import { writeFileSync } from 'node:fs'

/**
 * Loaded by `node --import` into a server: measures the processor time of each turn of its event loop, and its memory, and writes
 * the highest values into a file. Processor time does not depend on what else the machine does.
 */

const file = process.env.STRETCH_FILE
const turnMs = 1
const writeMs = 500
const warmUpMs = 1_000
const bytesPerMegabyte = 1_000_000

const readCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

if (file !== undefined) {
  let last = readCpuMs()
  let [stretchMs, residentMb] = [0, 0]
  const endTurn = () => {
    const now = readCpuMs()
    stretchMs = Math.max(stretchMs, now - last)
    last = now
    setTimeout(endTurn, turnMs).unref()
  }
  // The start is no request.
  setTimeout(() => {
    last = readCpuMs()
    endTurn()
  }, warmUpMs).unref()
  // A new measurement begins when the file is asked for.
  process.on('SIGUSR2', () => {
    stretchMs = 0
    residentMb = 0
  })
  setInterval(() => {
    residentMb = Math.max(residentMb, process.memoryUsage.rss() / bytesPerMegabyte)
    const values = { stretchMs: Math.round(stretchMs), residentMb: Math.round(residentMb) }
    writeFileSync(file, JSON.stringify(values))
  }, writeMs).unref()
}
