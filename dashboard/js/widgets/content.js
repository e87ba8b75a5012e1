/** What a card shows below its head: caption, series, pictures, table, figure, changes, text, code. */
import { copyText } from '../copy.js';
import { element, icon } from '../html.js';
import { markIn } from '../linking/samples.js';
import { files } from './files.js';
import { offered } from './offered.js';
import { pictures } from './pictures.js';
import { Plot } from './plot.js';
import { section } from './sections.js';
import { table } from './table.js';

/**
 * @typedef {{name: string, color: string, uoa?: string}} Series
 * @typedef {{error?: string, caption?: string, series?: Series[], pictures?: import('./pictures.js').Picture[],
 *   table?: import('./table.js').TableContent, figure?: import('./plot.js').Figure, sections?: import('./sections.js').Section[], html?: string,
 *   files?: import('./files.js').File[], code?: string,
 *   actions?: import('./offered.js').Action[], merge?: string, editor?: string, space?: string}} WidgetContent what a tool has drawn; `space` tells which samples its samples are of
 */

export class Content {
  constructor() {
    this.root = element('div', { class: 'content' });
    /** @type {Plot | null} */
    this.plot = null;
  }

  /** @param {WidgetContent} content @param {string} title what the figure is called by who cannot see it */
  update(content, title = '') {
    const label = [title, content.caption].filter(Boolean).join(': ');
    this.draw(content.figure ?? null, content.space ?? '', label);
    this.root.replaceChildren(
      ...[
        content.error ? element('p', { class: 'error', role: 'alert' }, icon('alert-triangle'), content.error) : null,
        content.caption ? element('p', { class: 'caption' }, content.caption) : null,
        content.series?.length ? series(content.series) : null,
        content.actions?.length ? offered(content.actions) : null,
        content.pictures?.length ? pictures(content.pictures, content.space ?? '') : null,
        content.table ? table(content.table, content.space ?? '', this.root) : null,
        this.plot?.root ?? null,
        ...(content.sections ?? []).map(section),
        content.html ? markdown(content.html) : null,
        content.files?.length ? files(content.files) : null,
        content.code ? code(content.code) : null,
      ].filter((part) => part !== null),
    );
    markIn(this.root);
  }

  /** @param {import('./plot.js').Figure | null} figure @param {string} space @param {string} label */
  draw(figure, space, label) {
    if (figure && this.plot) return void this.plot.change(figure, space, label);
    this.plot?.destroy();
    this.plot = figure ? new Plot(figure, space, label) : null;
    return undefined;
  }

  destroy() {
    this.plot?.destroy();
  }
}

/** @param {Series[]} entries */
const series = (entries) =>
  element(
    'div',
    { class: 'series' },
    ...entries.map(({ name, color, uoa }) =>
      element('span', { class: 'chip', 'data-uoa': uoa || null }, element('i', { class: 'dot', style: `background:${color}` }), name),
    ),
  );

/** The server made this from Markdown with all markup of the writer's escaped. @param {string} html */
function markdown(html) {
  const node = element('div', { class: 'markdown' });
  node.innerHTML = html;
  return node;
}

/** @param {string} text lines to copy */
function code(text) {
  const button = element('button', { type: 'button', class: 'copy' }, icon('copy'), 'Copy');
  button.addEventListener('click', () => copyText(text, button, 'the lines'));
  return element('div', { class: 'code' }, element('pre', { tabindex: 0 }, element('code', {}, text)), button);
}
