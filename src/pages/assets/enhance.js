/** Small conveniences. Everything also works without them. */

for (const button of document.querySelectorAll('[data-copy]'))
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy)
    await navigator.clipboard.writeText(source.value ?? source.textContent)
    button.textContent = '✓'
  })

/** The passage under the pointer is shown among the facts, and the other way round. */
for (const link of document.querySelectorAll('.marked-text sup a'))
  link.addEventListener('mouseenter', () => {
    for (const one of document.querySelectorAll('.facts > li.active')) one.classList.remove('active')
    document.querySelector(link.getAttribute('href'))?.classList.add('active')
  })
