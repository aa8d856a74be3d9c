import reference from '../../../reference/control-lists.json' with { type: 'json' }

/** A control list with its main entries. Reference data: titles are short, and only the official text says what an entry covers. */
export type ControlList = {
  code: string
  name: string
  about: string
  source: string
  entries: readonly { code: string; title: string }[]
}

export const controlLists: readonly ControlList[] = reference.lists

export const controlListsNote: string = reference.about
