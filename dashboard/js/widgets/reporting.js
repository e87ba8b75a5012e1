/** Collects what the panel shows and saves it as a report. */
import { chosenIn, litNow } from '../linking/samples.js';
import { fileName, saveText } from '../save.js';
import { plotPicture } from './picture.js';
import { asPython } from './queries.js';
import { reportHtml } from './report.js';

/** @typedef {import('./panel.js').WidgetPanel} WidgetPanel */
/** @typedef {import('./report.js').Entry} Entry */

const PATIENCE = 60_000; // ms after which a report is made of what is there

/** Save a report when everything is drawn; the button tells that it is being made. @param {WidgetPanel} panel @param {HTMLElement} button */
export async function saveReport(panel, button) {
  if (button.getAttribute('aria-busy')) return;
  button.setAttribute('aria-busy', 'true');
  try {
    const report = await collected(panel);
    saveText(`${fileName(report.store, `report ${report.date.slice(0, 10)}`)}.html`, reportHtml(report), 'text/html');
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** @param {WidgetPanel} panel @returns {Promise<import('./report.js').Report>} */
async function collected(panel) {
  const waiting = Promise.all([...panel.cards.values()].map((card) => card.whenShown()));
  await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const chapters = [];
  for (const { level, title } of panel.sections) {
    const entries = [];
    for (const seat of panel.seats) if (seat.level === level) entries.push(await entryOf(panel, seat.id));
    chapters.push({ level, title, entries });
  }
  const { store, version } = panel.about;
  return { store, version, date: new Date().toLocaleString('sv'), address: location.href, marked: marked(panel), chapters };
}

/** Tell the selection of samples that is marked, empty for none. @param {WidgetPanel} panel */
function marked({ marked: selection }) {
  const count = litNow().samples.size;
  return selection && count ? `${selection.name} · ${count} sample${count === 1 ? '' : 's'}` : '';
}

/** @param {WidgetPanel} panel @param {string} id @returns {Promise<Entry>} */
async function entryOf(panel, id) {
  const group = panel.groups.get(id);
  if (!group) return cardEntry(panel.card(id), panel.about.store);
  const members = [];
  for (const card of group.cards) members.push(await cardEntry(card, panel.about.store));
  const content = group.subject?.content ?? {};
  const plot = content.figure ? await plotPicture(content.figure, 'svg', [], chosenIn(content.space ?? '')) : '';
  const about = group.group.common ? 'on a common scale' : '';
  return { title: group.title, where: `${members.length} widgets`, color: '', about, settings: [], content, plot, chosen: null, python: '', members };
}

/** @param {import('./card.js').Card} card @param {string} store @returns {Promise<Entry>} */
async function cardEntry({ subject, about: { title, where, color } }, store) {
  if (!subject) return { title, where, color, about: '', settings: [], content: { error: 'It was not drawn in time.' }, plot: '', chosen: null, python: '', members: [] };
  const { content, checkpoint, pin, settings, queries, server } = subject;
  const chosen = chosenIn(content.space ?? '');
  return {
    title,
    where,
    color,
    about: checkpoint === null ? '' : `checkpoint ${checkpoint}${pin === null ? '' : ', pinned'}`,
    settings: settings.flatMap((setting) => (told(setting) ? [{ title: setting.title, value: told(setting) }] : [])),
    content,
    plot: content.figure ? await plotPicture(content.figure, 'svg', [], chosen) : '',
    chosen,
    python: queries.length ? asPython(queries, store, server) : '',
    members: [],
  };
}

/** Tell a setting's value; what is not set, and a note's text, which is shown, say nothing. @param {{name: string, value: unknown}} setting */
function told({ name, value }) {
  if (name === 'text' || value === '' || value === null || value === false) return '';
  return value === true ? 'on' : String(value);
}
