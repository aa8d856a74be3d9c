import type { Page } from '../layout/page.ts'
import { html } from '../parts/html.ts'
import { type ApiRecord, getName } from '../parts/records.ts'
import { countOf, texts } from '../texts.ts'

export type ArticleInQueue = { article: ApiRecord; open: number }

/** The articles with proposals that nobody has decided, and the upload of a document. */
export const queuePage = (
  queue: readonly ArticleInQueue[],
  cases: readonly ApiRecord[],
  keyName: string,
): Page => ({
  title: texts.review.title,
  section: 'review',
  body: html`<h1>${texts.review.title}</h1>
<form class="session" method="post" action="/sign-out"><p>${texts.signIn.as(keyName)} <button type="submit">${texts.signIn.out}</button></p></form>
<section aria-labelledby="queue"><h2 id="queue">${texts.review.queue}</h2>
<p class="intro">${texts.review.queueIntro}</p>
<ul class="plain">${queue.map(
    ({ article, open }) =>
      html`<li><a href="/review/articles/${article.slug}">${getName(article)}</a> <span class="details">${
        open === 0 ? texts.review.nothingOpen : countOf(open, 'open proposal')
      }</span></li>`,
  )}</ul></section>
<p><a href="/review/registers">${texts.register.title}</a></p>
<section aria-labelledby="upload"><h2 id="upload">${texts.review.upload}</h2>
<p class="intro">${texts.review.uploadIntro}</p>
<form class="stacked" method="post" action="/review/documents" enctype="multipart/form-data">
<label for="upload-case">${texts.review.case}</label><select id="upload-case" name="case" required>${cases.map(
    (one) => html`<option value="${one.slug}">${getName(one)}</option>`,
  )}</select>
<label for="upload-file">${texts.review.file}</label><input id="upload-file" name="file" type="file" required accept=".txt,.html,.htm,.pdf,.docx,.png,.jpg,.jpeg,.tif,.tiff">
<button class="primary" type="submit">${texts.review.uploadButton}</button></form></section>`,
})
