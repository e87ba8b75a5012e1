/** Tables: heads that sort, numbers that line up, bars, rows that stand for units or samples. */
import { element, icon } from '../html.js';
import { markIn } from '../linking/samples.js';
import { sampleKey } from '../linking/paths.js';
import { clicked, sharesOf, sorted, written } from './rows.js';

/**
 * @typedef {import('./rows.js').Column} Column
 * @typedef {import('./rows.js').Cell} Cell
 * @typedef {import('./rows.js').Order} Order
 * @typedef {{columns: Column[], rows: Cell[][], uoas?: string[], samples?: number[], note?: string}} TableContent
 */

const MOST = 200; // rows that are in the document at first, and so many more at each wish

/**
 * Return a table. It is sorted as the one was that it takes the place of in `host`.
 * @param {TableContent} content @param {string} space tells which samples the numbers of samples are of
 * @param {HTMLElement | null} host
 */
export function table(content, space = '', host = null) {
  const view = new Table(content, space, orderIn(host, content));
  return view.root;
}

/** @param {HTMLElement | null} host @param {TableContent} content @returns {Order | null} */
function orderIn(host, content) {
  const order = JSON.parse(/** @type {HTMLElement | null} */ (host?.querySelector('.table-view'))?.dataset.order ?? 'null');
  return order && content.columns.some(({ name }) => name === order.column) ? order : null;
}

class Table {
  /** @param {TableContent} content @param {string} space @param {Order | null} order */
  constructor(content, space, order) {
    this.content = content;
    this.space = space;
    this.order = order;
    this.shown = MOST;
    /** @type {(number[] | null)[]} */
    this.shares = content.columns.map(({ kind }, index) => (kind === 'bar' ? sharesOf(content.rows, index) : null));
    this.heads = content.columns.map((column) => this.head(column));
    this.body = element('tbody', { keydown: moved, focusin: roving });
    this.foot = element('p', { class: 'table-foot' });
    const drawn = element('table', {}, element('thead', {}, element('tr', {}, ...this.heads)), this.body);
    const scrolled = element('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Table' }, drawn);
    this.root = element('div', { class: 'table-view' }, element('div', { class: 'table-frame' }, scrolled), this.foot);
    followScroll(scrolled);
    this.draw();
  }

  /** @param {Column} column */
  head(column) {
    const sort = () => this.sort(clicked(this.order, column));
    const button = element('button', { type: 'button', title: `Sort by ${column.title || 'name'}`, click: sort }, column.title || 'name', icon('arrow-down'));
    return element('th', { scope: 'col', class: column.kind }, column.kind === 'image' ? column.title : button);
  }

  /** @param {Order} order */
  sort(order) {
    this.order = order;
    this.draw();
  }

  draw() {
    const { columns, rows } = this.content;
    const { order } = this;
    const by = columns.findIndex(({ name }) => name === order?.column);
    const places = order && by >= 0 ? sorted(rows, by, order.descending) : rows.map((_, place) => place);
    this.root.dataset.order = JSON.stringify(order);
    for (const [index, head] of this.heads.entries()) {
      head.setAttribute('aria-sort', index === by ? (order?.descending ? 'descending' : 'ascending') : 'none');
    }
    this.body.replaceChildren(...places.slice(0, this.shown).map((place, index) => this.row(place, index === 0)));
    this.drawFoot();
    markIn(this.body);
  }

  /** @param {number} place @param {boolean} first */
  row(place, first) {
    const { columns, rows, uoas, samples } = this.content;
    const [uoa, key] = [uoas?.[place], sampleKey(this.space, samples?.[place])];
    const linked = Boolean(uoa || key);
    return element(
      'tr',
      {
        tabindex: linked ? (first ? 0 : -1) : null,
        'data-uoa': uoa || null,
        'data-sample': key || null,
        'aria-selected': key ? 'false' : null,
      },
      ...columns.map((column, index) => this.cell(column, rows[place][index], index, place)),
    );
  }

  /** @param {Column} column @param {Cell} value @param {number} index @param {number} place */
  cell({ kind }, value, index, place) {
    if (kind === 'image') return element('td', { class: kind }, value ? element('img', { src: value, alt: '' }) : null);
    const text = written(value);
    const tag = index === 0 ? 'th' : 'td';
    const share = this.shares[index]?.[place];
    const style = share === undefined ? null : `--share: ${(100 * share).toFixed(1)}%`;
    const title = typeof value === 'number' ? String(value) : text;
    return element(tag, { class: kind, scope: index === 0 ? 'row' : null, style, title }, text);
  }

  drawFoot() {
    const { rows, note } = this.content;
    const more = rows.length - this.shown;
    const counted = more > 0 ? `${written(this.shown)} of ${written(rows.length)} rows` : '';
    const button = more > 0 ? element('button', { type: 'button', class: 'link', click: () => this.grow() }, 'Show more') : null;
    this.foot.replaceChildren(...[note ?? '', counted].filter(Boolean).join(' · '), ...(button ? [' ', button] : []));
    this.foot.hidden = !note && more <= 0;
  }

  grow() {
    this.shown += MOST;
    this.draw();
  }
}

/** Have the frame of what scrolls tell whether there is more to the right. @param {HTMLElement} scrolled */
function followScroll(scrolled) {
  const tell = () => scrolled.parentElement?.classList.toggle('beyond', scrolled.scrollLeft + scrolled.clientWidth < scrolled.scrollWidth - 1);
  scrolled.addEventListener('scroll', tell, { passive: true });
  new ResizeObserver(tell).observe(scrolled);
}

/** Lead the focus through the rows that stand for something. @param {KeyboardEvent} event */
function moved(event) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = /** @type {HTMLElement} */ (event.target).closest('tr');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  event.preventDefault();
  if (next instanceof HTMLElement && next.hasAttribute('tabindex')) next.focus();
}

/** Only one row is met by Tab: the one that had the focus last. @param {FocusEvent} event */
function roving(event) {
  const body = /** @type {HTMLElement} */ (event.currentTarget);
  for (const row of body.querySelectorAll('tr[tabindex]')) row.setAttribute('tabindex', row === event.target ? '0' : '-1');
}
