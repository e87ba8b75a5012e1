/** The report: one file that holds everything that a panel shows, without a script, and asks nobody for anything. */
import { constant, markup } from '../html.js';

/**
 * @typedef {{title: string, where: string, color: string, about: string, settings: {title: string, value: string}[],
 *   content: import('./card.js').Shown, plot: string, chosen?: Set<number> | null, python: string, members: Entry[]}} Entry
 *   `plot` is a data URI, of a group's members the merged one; `chosen` are samples that are marked
 * @typedef {{level: string, title: string, entries: Entry[]}} Chapter
 * @typedef {{store: string, version: string, date: string, address: string, marked?: string, chapters: Chapter[]}} Report `marked` tells the selection that is marked
 */

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const STYLE = `
@page { margin: 16mm; }
body { max-width: 980px; margin: 0 auto; padding: 28px 24px 60px; color: #1b2437; background: #fff; font: 13px/1.5 Inter, "Segoe UI", system-ui, sans-serif; }
h1 { margin: 0; font-size: 22px; letter-spacing: -.01em; }
h2 { margin: 34px 0 12px; padding-bottom: 5px; border-bottom: 2px solid #e3e8f0; font-size: 16px; }
h3 { margin: 0; font-size: 14px; }
h4 { margin: 12px 0 3px; font-size: 12px; color: #5f6b81; }
a { color: #3b5bdb; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 16px; margin: 12px 0 0; }
dt { color: #5f6b81; }
dd { margin: 0; overflow-wrap: anywhere; }
article { margin: 0 0 18px; padding: 14px 16px; border: 1px solid #e3e8f0; border-radius: 10px; break-inside: avoid-page; }
article article { margin: 12px 0 0; }
.where { color: #4d5970; }
.dot { display: inline-block; width: 9px; height: 9px; margin-right: 6px; border-radius: 50%; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.settings, .caption, .chips { color: #4d5970; }
.chips span { margin-right: 14px; }
.plot { display: block; width: 100%; max-width: 760px; margin-top: 8px; }
.pictures { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
figure { width: 64px; margin: 0; font-size: 9.5px; line-height: 1.25; text-align: center; overflow-wrap: anywhere; }
figure img { display: block; width: 64px; height: 64px; image-rendering: pixelated; }
figure.chosen img, figure.words.chosen { outline: 2.5px solid #c2255c; }
tr.chosen td { background: #fbe4ec; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
figure.words { width: 100%; font-size: 12px; text-align: left; }
table { margin-top: 8px; border-collapse: collapse; font-size: 11.5px; }
td, th { padding: 3px 10px 3px 0; border-top: 1px solid #e3e8f0; text-align: left; vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td img { height: 32px; image-rendering: pixelated; }
pre { margin: 8px 0 0; padding: 9px 11px; border-radius: 7px; background: #f4f6fa; font: 10.5px/1.5 "JetBrains Mono", ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details summary { margin-top: 8px; color: #5f6b81; font-size: 11.5px; cursor: pointer; }
.markdown { max-width: 72ch; }
.markdown h1, .markdown h2, .markdown h3 { margin: 10px 0 4px; padding: 0; border: 0; font-size: 14px; }
dd a { font-size: 10.5px; }
.error { color: #c92a2a; }
@media print { body { padding: 0; } article { border-color: #d0d7e2; } details::details-content { content-visibility: visible; block-size: auto; } }
`;

/** Return a report as HTML. @param {Report} report */
export const reportHtml = ({ store, version, date, address, marked, chapters }) =>
  String(markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${store}: report</title>
<style>${constant(STYLE)}</style>
</head>
<body>
<header>
<h1>${store}</h1>
<dl>
<dt>Date</dt><dd>${date}</dd>
<dt>Made by</dt><dd>inspectree ${version}</dd>
${marked ? markup`<dt>Marked samples</dt><dd>${marked}</dd>` : ''}
<dt>This view</dt><dd><a href="${address}">${address}</a></dd>
</dl>
</header>
<main>
${chapters.filter(({ entries }) => entries.length).map(chapter)}
</main>
</body>
</html>
`);

/** @param {Chapter} chapter */
const chapter = ({ level, title, entries }) => markup`<section><h2>${level} ${title}</h2>${entries.map(entry)}</section>`;

/** @param {Entry} given @returns {ReturnType<typeof markup>} */
function entry({ title, where, color, about, settings, content, plot, chosen, python, members }) {
  const is = (/** @type {number | undefined} */ sample) => (sample !== undefined && chosen?.has(sample) ? 'chosen' : '');
  return markup`<article>
<h3>${title}</h3>
<div class="where">${color ? dot(color) : ''}${where}${about ? ` · ${about}` : ''}</div>
${settings.length ? markup`<div class="settings">${settings.map(({ title: name, value }) => `${name}: ${value}`).join(' · ')}</div>` : ''}
${content.error ? markup`<p class="error">${content.error}</p>` : ''}
${content.caption ? markup`<p class="caption">${content.caption}</p>` : ''}
${content.series?.length ? markup`<div class="chips">${content.series.map(chip)}</div>` : ''}
${content.pictures?.length ? markup`<div class="pictures">${content.pictures.map((each) => picture(each, is(each.sample)))}</div>` : ''}
${content.table ? table(content.table, is) : ''}
${plot ? markup`<img class="plot" src="${plot}" alt="${[title, where, content.caption].filter(Boolean).join(': ')}">` : ''}
${(content.sections ?? []).map(section)}
${content.html ? markup`<div class="markdown">${constant(content.html)}</div>` : ''}
${content.code ? markup`<pre>${content.code}</pre>` : ''}
${members.map(entry)}
${python ? markup`<details><summary>Query</summary><pre>${python}</pre></details>` : ''}
</article>`;
}

/** @param {import('./content.js').Series} series */
const chip = ({ name, color }) => markup`<span>${dot(color)}${name}</span>`;

/** @param {string} color */
const dot = (color) => markup`<i class="dot" style="background:${color}"></i>`;

/** @param {import('./pictures.js').Picture} picture @param {string} mark */
const picture = ({ src, text, label, tip }, mark) =>
  src
    ? markup`<figure class="${mark}" title="${tip ?? label}"><img src="${src}" alt="${label}">${label}</figure>`
    : markup`<figure class="words ${mark}" title="${tip ?? label}">${text ?? ''} <b>${label}</b></figure>`;

/** @param {import('./card.js').Table} given @param {(sample: number | undefined) => string} mark */
const table = ({ columns, rows, samples }, mark) => markup`<table><thead><tr>${columns.map(({ title, kind }) => markup`<th class="${kind === 'number' || kind === 'bar' ? 'number' : ''}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row, place) => markup`<tr class="${mark(samples?.[place])}">${row.map((value, index) => cell(value, columns[index].kind))}</tr>`)}</tbody></table>`;

/** @param {unknown} value @param {string} kind */
function cell(value, kind) {
  if (value === null || value === undefined) return markup`<td>–</td>`;
  if (kind === 'image') return markup`<td><img src="${value}" alt=""></td>`;
  return typeof value === 'number' ? markup`<td class="number">${written(value)}</td>` : markup`<td>${value}</td>`;
}

/** @param {number} value */
const written = (value) => (Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(5))));

/** @param {import('./sections.js').Section} given */
const section = ({ title, empty, rows }) => markup`<h4>${title}</h4>${rows.length ? markup`<table><tbody>${rows.map(change)}</tbody></table>` : markup`<p>${empty}</p>`}`;

/** @param {import('./sections.js').Row} row */
const change = ({ sign, name, about, before, after }) => markup`<tr><td>${sign}</td><td>${name}</td><td>${about}</td><td>${before === null && after === null ? '' : `${before ?? '–'} → ${after ?? '–'}`}</td></tr>`;
