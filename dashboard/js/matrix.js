/** Neurons × classes: every unit's mean activation for every class, as cells; a click on a class sorts. */
import { send } from './bus.js';
import { around, element } from './html.js';

/**
 * @typedef {{layer: string, kind: string, classes: {name: string, color: string, off: boolean}[],
 *   values: number[][], low: number, high: number, palette: string[]}} Matrix
 */

const ROW = 14;

export class MatrixView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Matrix | null} */
    this.matrix = null;
    this.text = 'null';
    this.sort = -1;
    this.title = element('header', { class: 'matrix-title' });
    this.heads = element('div', { class: 'matrix-heads' });
    this.rows = element('div', { class: 'matrix-rows', role: 'listbox', 'aria-label': 'Units, by the arrow keys', tabindex: 0 });
    root.append(this.title, this.heads, this.rows);
    this.rows.addEventListener('click', (event) => choose(around(event, '[data-uoa]')));
    this.rows.addEventListener('keydown', (event) => this.key(event));
    this.rows.addEventListener('pointermove', (event) => this.tell(event));
  }

  /** @param {{matrix?: string}} properties JSON: a Matrix, or null */
  update({ matrix: text = 'null' }) {
    if (text === this.text) return;
    this.text = text;
    /** @type {Matrix | null} */
    const matrix = JSON.parse(text);
    this.root.parentElement?.classList.toggle('with-matrix', Boolean(matrix));
    if (!matrix) return;
    if (!this.matrix || this.matrix.layer !== matrix.layer) this.sort = -1;
    this.matrix = matrix;
    this.draw(matrix);
  }

  /** @param {Matrix} matrix */
  draw(matrix) {
    const { classes, kind, values } = matrix;
    this.title.replaceChildren(element('b', {}, 'Neurons × Classes'), element('span', {}, `${values.length} ${kind}s`));
    /** @param {string} name @param {number} index @param {string} label @param {string} color */
    const head = (name, index, label, color) =>
      element(
        'button',
        { type: 'button', title: label, 'aria-label': label, 'aria-pressed': String(this.sort === index), click: () => this.sortBy(index) },
        color ? element('i', { class: 'dot', style: `background:${color}` }) : null,
        name,
      );
    this.heads.style.gridTemplateColumns = columns(matrix);
    this.heads.replaceChildren(
      head('mean', -1, 'Sort by the mean of the selected classes', ''),
      ...classes.map(({ name, color, off }, index) => {
        const button = head(name, index, `Sort by class ${name}`, color);
        button.classList.toggle('off', off);
        return button;
      }),
    );
    this.drawRows(matrix);
  }

  /** @param {number} index of a class; -1 for the mean */
  sortBy(index) {
    this.sort = index;
    const inside = this.heads.contains(document.activeElement);
    if (this.matrix) this.draw(this.matrix);
    const head = this.heads.children[index + 1];
    if (inside && head instanceof HTMLElement) head.focus();
  }

  /** Arrows lead from row to row; Enter selects the unit. @param {KeyboardEvent} event */
  key(event) {
    const row = around(event, '.matrix-row');
    if (event.key === 'Enter' || event.key === ' ') choose(row);
    else {
      const all = [...this.rows.children];
      const from = row ? all.indexOf(row) : -1;
      const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: all.length - 1 }[event.key];
      const next = to === undefined ? null : all[Math.max(0, Math.min(to, all.length - 1))];
      if (!(next instanceof HTMLElement)) return;
      next.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Matrix} matrix */
  drawRows(matrix) {
    const { layer, kind, classes, values, low, high, palette } = matrix;
    const on = classes.flatMap(({ off }, index) => (off ? [] : [index]));
    /** @param {number[]} row */
    const mean = (row) => on.reduce((sum, index) => sum + row[index], 0) / Math.max(on.length, 1);
    /** @param {number[]} row */
    const key = (row) => (this.sort < 0 ? mean(row) : row[this.sort]);
    const order = values.map((_, unit) => unit).sort((a, b) => key(values[b]) - key(values[a]));
    /** @param {number} value */
    const color = (value) =>
      palette[Math.round(Math.max(0, Math.min(1, (value - low) / (high - low || 1))) * (palette.length - 1))];
    this.rows.replaceChildren(
      ...order.map((unit) => {
        const row = element('div', { class: 'matrix-row', role: 'option', 'aria-selected': 'false', tabindex: -1, 'data-uoa': `${layer}#${unit}` });
        row.style.gridTemplateColumns = columns(matrix);
        row.style.height = `${ROW}px`;
        row.append(element('span', { class: 'matrix-name' }, `${kind[0]}${String(unit).padStart(3, '0')}`));
        for (const [index, value] of values[unit].entries()) {
          const cell = element('i', { style: `background:${color(value)}` });
          cell.classList.toggle('off', classes[index].off);
          row.append(cell);
        }
        return row;
      }),
    );
  }

  /** Tell the value under the pointer. @param {PointerEvent} event */
  tell(event) {
    const [row, cell] = [around(event, '.matrix-row'), around(event, 'i')];
    if (!row || !cell || !this.matrix) return;
    const column = [...row.children].indexOf(cell) - 1;
    const unit = Number(row.dataset.uoa?.split('#')[1]);
    cell.title = `unit ${unit}, class ${this.matrix.classes[column].name}: ${this.matrix.values[unit][column].toPrecision(4)}`;
  }

  destroy() {}
}

/** @param {Matrix} matrix */
const columns = ({ classes }) => `54px repeat(${classes.length}, minmax(0, 1fr))`;

/** @param {HTMLElement | SVGElement | null} row */
const choose = (row) => row && send({ type: 'select', uoa: row.dataset.uoa });
