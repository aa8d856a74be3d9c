import { raw, html as template } from 'hono/html'

/** Marks a text as HTML. Only for texts that hold no data, such as the path of a drawing. */
export { raw }

/** HTML text. Values in a template that are not HTML themselves are escaped. */
export type Html = ReturnType<typeof raw>

/** Builds HTML from a template. Lists are joined; null, undefined, false and true give nothing. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const text = template(strings, ...values)
  if (text instanceof Promise) throw new TypeError('A value of a page is a promise.')
  return text
}

/** JSON for a `<script>` of data. `<` is escaped, so that no text ends the element. */
export const jsonScript = (data: object): Html =>
  raw(JSON.stringify(data).replaceAll('<', '\\u003c'))

/** The nodes of a list with a separator between them. */
export const join = (parts: readonly unknown[], separator: unknown): Html =>
  html`${parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]))}`
