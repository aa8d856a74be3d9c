import fc from 'fast-check'

/**
 * Short texts of few different characters, so that they repeat themselves, among them all that
 * makes offsets differ: astral characters, combining marks, emoji sequences, Armenian, line ends.
 */
export const prose = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'e\u0301',
    '\u0323',
    'é',
    ' ',
    '\n',
    '\r\n',
    '“',
    'Հ',
    'և',
    '😀',
    '𝒜',
    '👩\u200D🚀',
  ),
  maxLength: 24,
})
