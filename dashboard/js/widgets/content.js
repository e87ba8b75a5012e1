/** What a card shows below its head: caption, series, pictures, figure, changes, text, code. */
import { element, icon } from '../html.js';
import { Plot } from './plot.js';

export class Content {
  constructor() {
    this.root = element('div', { class: 'content' });
    this.plot = null;
  }

  /** @param {any} content */
  update(content) {
    const figure = content.figure ?? null;
    if (figure && this.plot) this.plot.change(figure);
    else {
      this.plot?.destroy();
      this.plot = figure ? new Plot(figure) : null;
    }
    this.root.replaceChildren(
      ...[
        content.error ? element('p', { class: 'error', role: 'alert' }, icon('alert-triangle'), content.error) : null,
        content.caption ? element('p', { class: 'caption' }, content.caption) : null,
        content.series?.length ? series(content.series) : null,
        content.pictures?.length ? pictures(content.pictures) : null,
        this.plot?.root ?? null,
        ...(content.sections ?? []).map(section),
        content.html ? markup(content.html) : null,
        content.code ? code(content.code) : null,
      ].filter(Boolean),
    );
  }

  destroy() {
    this.plot?.destroy();
  }
}

const series = (entries) =>
  element(
    'div',
    { class: 'series' },
    ...entries.map(({ name, color, uoa }) =>
      element('span', { class: 'chip', 'data-uoa': uoa || null }, element('i', { class: 'dot', style: `background:${color}` }), name),
    ),
  );

const pictures = (entries) =>
  element(
    'div',
    { class: 'pictures' },
    ...entries.map(({ src, label, uoa, sample, mark, tip }) =>
      element(
        'figure',
        { class: mark ? 'marked' : null, 'data-uoa': uoa, 'data-sample': sample, title: tip ?? label },
        src ? element('img', { src, alt: tip ?? label }) : element('span', { class: 'no-image' }),
        element('figcaption', {}, label),
      ),
    ),
  );

/** A table of what was and is; what came and went is told by signs, not by colours alone. */
const section = ({ title, empty, rows }) =>
  element(
    'section',
    { class: 'changes' },
    element('h3', {}, title),
    rows.length ? element('table', {}, element('tbody', {}, ...rows.map(row))) : element('p', { class: 'empty' }, empty),
  );

const row = ({ kind, sign, name, about, before, after }) =>
  element(
    'tr',
    { class: kind },
    element('td', { class: 'sign', title: kind, 'aria-label': kind }, sign),
    element('th', { scope: 'row', colspan: before === null && after === null ? 2 : null }, name, about ? element('small', {}, about) : null),
    before === null && after === null ? null : element('td', {}, element('s', {}, before ?? '–'), ' → ', element('b', {}, after ?? '–')),
  );

/** The server made this from Markdown with all markup of the writer's escaped. */
function markup(html) {
  const node = element('div', { class: 'markdown' });
  node.innerHTML = html;
  return node;
}

function code(text) {
  const button = element('button', { type: 'button', class: 'copy' }, icon('copy'), 'Copy');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1200);
  });
  return element('div', { class: 'code' }, element('pre', { tabindex: 0 }, element('code', {}, text)), button);
}
