type Voice = { actor: { name: string } | null; document: string | null }

/** The chain of reported speech in one text, the voice nearest to the fact first. */
export const formatVoiceChain = (voices: readonly Voice[]): string =>
  voices.map(({ actor, document }) => actor?.name ?? document).join(' > ')
