const separatorPattern = /[\u0085\u2028\u2029]/
const separatorsPattern = /[\u0085\u2028\u2029]/g

/**
 * JSON texts that can stand in lines for every reader: U+0085, U+2028 and U+2029, at which some readers end a line
 * (Python's `splitlines`), are escaped. They occur within strings only, so the value stays the same.
 */
export const escapeLineSeparators = (jsonText: string): string =>
  separatorPattern.test(jsonText)
    ? jsonText.replaceAll(
        separatorsPattern,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : jsonText

/** JSON texts as lines, each with its end. */
export const formatJsonLines = (jsonTexts: readonly string[]): string =>
  escapeLineSeparators(jsonTexts.map((text) => `${text}\n`).join(''))
