/** Taking a widget along: as a picture, as values, and as what was asked for it. */
import { copyText } from '../copy.js';
import { openDialog } from '../dialog.js';
import { element, icon } from '../html.js';
import { chosenIn } from '../linking/samples.js';
import { fileName, saveBlob, saveText } from '../save.js';
import { csvOf, valuesOf } from './data.js';
import { pixels, plotPicture, sheet } from './picture.js';
import { asCurl, asPython } from './queries.js';
import { tabled } from './tabled.js';

/** @typedef {import('./card.js').Subject} Subject */
/** @typedef {import('../menu.js').Entry} Entry */

/** Return the entries of a menu: what makes sense of what the widget shows. @param {Subject} subject @returns {Entry[]} */
export function exportEntries(subject) {
  const { content, queries, title, where, checkpoint } = subject;
  const name = fileName(title, `${where}${checkpoint === null ? '' : ` @${checkpoint}`}`);
  const drawn = content.figure || content.pictures?.length || content.table?.rows.length;
  const formats = drawn ? /** @type {const} */ (['png', 'svg']) : [];
  return [
    ...formats.map((format) => ({ title: `Picture (${format.toUpperCase()})`, icon: 'photo', choose: () => savePicture(subject, format, name) })),
    ...(valuesOf(content) ? [{ title: 'Values (CSV)', icon: 'file-type-csv', choose: () => saveValues(subject, name) }] : []),
    { title: 'Everything shown (JSON)', icon: 'json', choose: () => saveText(`${name}.json`, jsonOf(subject), 'application/json') },
    ...(queries.length ? [{ title: 'Query (Python, curl)…', icon: 'code', choose: () => openQueries(subject) }] : []),
  ];
}

/** @param {Subject} subject @param {'png' | 'svg'} format @param {string} name */
async function savePicture({ content: { figure, pictures, series, table, space } }, format, name) {
  const drawn = pictures?.length || !table ? sheet(pictures ?? []) : tabled(table);
  const uri = figure ? await plotPicture(figure, format, series, chosenIn(space ?? '')) : format === 'svg' ? drawn.uri : await pixels(drawn);
  saveBlob(`${name}.${format}`, blobOf(uri));
}

/** The page's content policy lets no script fetch data URIs. @param {string} uri */
function blobOf(uri) {
  const [head, body] = [uri.slice(0, uri.indexOf(',')), uri.slice(uri.indexOf(',') + 1)];
  const type = head.slice('data:'.length).split(';')[0];
  const bytes = head.endsWith('base64') ? Uint8Array.from(atob(body), (char) => char.charCodeAt(0)) : decodeURIComponent(body);
  return new Blob([bytes], { type });
}

/** @param {Subject} subject @param {string} name */
function saveValues({ content }, name) {
  const values = valuesOf(content);
  if (values) saveText(`${name}.csv`, csvOf(values), 'text/csv');
}

/** @param {Subject} subject */
const jsonOf = ({ title, where, tool, uoa, checkpoint, settings, queries, content }) =>
  JSON.stringify({ title, where, tool, uoa, checkpoint, settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])), queries, content }, null, 1);

/** Show what was asked for a widget, ready to be copied. @param {Subject} subject */
function openQueries({ title, where, queries, server, store }) {
  const python = asPython(queries, store, server);
  const curl = asCurl(queries, server);
  openDialog('queries', `Query: ${title}`, [
    element('header', {}, element('b', {}, `Query: ${title}`), element('span', { class: 'where' }, where)),
    element('p', {}, 'What was asked for this widget. A server that has a token wants it as the header Authorization: Bearer TOKEN.'),
    listing('Python', 'brand-python', python),
    listing('curl', 'terminal-2', curl),
  ]);
}

/** @param {string} title @param {string} name @param {string} text */
function listing(title, name, text) {
  const button = element('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${title}` }, icon('copy'), 'Copy');
  button.addEventListener('click', () => copyText(text, button, `the query, ${title}`));
  return element('section', { 'data-language': title }, element('h3', {}, icon(name), title), element('div', { class: 'code' }, element('pre', { tabindex: 0 }, element('code', {}, text)), button));
}
