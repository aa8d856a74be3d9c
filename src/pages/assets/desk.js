/** Keyboard, selection and suggestions of the review desk. Everything also works without it. */

const isTyping = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')
const proposals = () => [...document.querySelectorAll('.proposal')]

/** j and k: the next and the previous proposal. a, e, r: accept, edit, reject it. */
document.addEventListener('keydown', (event) => {
  if (isTyping() || event.ctrlKey || event.metaKey || event.altKey) return
  const all = proposals()
  const current = all.findIndex((one) => one.contains(document.activeElement))
  if (event.key === 'j' || event.key === 'k') {
    const next = all[event.key === 'j' ? current + 1 : Math.max(0, current - 1)]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
    event.preventDefault()
  } else all[current]?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click()
})

/** Selected words of the text become the quote. The numbers of passages are not part of the text. */
document.addEventListener('selectionchange', () => {
  const selection = document.getSelection()
  const text = document.getElementById('desk-text')
  const quote = document.getElementById('cite-quote')
  if (!selection || selection.isCollapsed || !text?.contains(selection.anchorNode) || !quote) return
  const fragment = selection.getRangeAt(0).cloneContents()
  for (const marker of fragment.querySelectorAll('sup')) marker.remove()
  quote.value = fragment.textContent ?? ''
})

/** Records by name, as somebody types. */
for (const input of document.querySelectorAll('input[data-suggest]')) {
  const list = document.createElement('datalist')
  list.id = `${input.id}-list`
  input.after(list)
  input.setAttribute('list', list.id)
  let pending
  input.addEventListener('input', () => {
    clearTimeout(pending)
    pending = setTimeout(() => suggest(input, list), 200)
  })
}

async function suggest(input, list) {
  const kind = input.dataset.suggest
  if (input.value.trim().length < 2) return
  const query = new URLSearchParams({ q: input.value })
  if (kind !== 'any' && kind !== 'slug') query.set('kind', kind)
  const response = await fetch(`/review/records?${query}`)
  if (!response.ok) return
  const { data } = await response.json()
  list.replaceChildren(
    ...data.map(({ path, slug, name }) => {
      const option = document.createElement('option')
      option.value = kind === 'any' ? path : slug
      option.label = name
      return option
    }),
  )
}

/** A form whose files are to stay chosen: only the part of the page with the result is replaced. */
for (const form of document.querySelectorAll('form[data-keep-files]'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const target = document.getElementById(form.dataset.keepFiles)
    form.setAttribute('aria-busy', 'true')
    try {
      const body = new FormData(form, event.submitter)
      const response = await fetch(form.action, { method: 'POST', body })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const result = page.getElementById(target.id)
      if (result) target.replaceChildren(...result.childNodes)
      else document.location.assign(response.url)
    } finally {
      form.removeAttribute('aria-busy')
    }
  })
