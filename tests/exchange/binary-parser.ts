import type supertest from 'supertest'

type Parser = Extract<Parameters<supertest.Test['parse']>[0], (stream: never, done: never) => void>

/** For `parse`: the body of an answer, whatever it is. */
export const parseBinary: Parser = (stream, done) => {
  const pieces: Buffer[] = []
  stream.on('data', (piece) => pieces.push(piece))
  stream.on('end', () => done(null, Buffer.concat(pieces)))
}
