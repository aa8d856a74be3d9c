import type { Page } from '../layout/page.ts'
import { html } from '../parts/html.ts'
import { texts } from '../texts.ts'

/** @param to path to go on with */
export const signInPage = (to: string, hasFailed: boolean): Page => ({
  title: texts.signIn.title,
  body: html`<h1>${texts.signIn.title}</h1>
<p>${texts.signIn.intro}</p>
${hasFailed ? html`<p class="warning" role="alert">${texts.signIn.failed}</p>` : null}
<form class="stacked" method="post" action="/sign-in">
<input type="hidden" name="to" value="${to}">
<label for="key">${texts.signIn.key}</label>
<input id="key" name="key" type="password" autocomplete="current-password" required maxlength="200">
<button class="primary" type="submit">${texts.signIn.button}</button></form>`,
})
