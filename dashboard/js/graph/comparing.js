/** Two models side by side: the bar that sums it up, what is said on boxes, and the ways in. */
import { send } from '../bus.js';
import { cut, element, icon, iconButton, markup } from '../html.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Drawing} Drawing */
/** @typedef {import('./types.js').Comparison} Comparison */
/** @typedef {import('../menu.js').Entry} Entry */

const LETTER = 6.3; // px of a mark's letter, about

/** @type {Record<string, string>} */
const TOLD = { added: 'added', removed: 'removed', altered: 'altered', moved: 'moved', renamed: 'renamed' };

/** Show a model beside another one. @param {string} uoa @param {string} other empty: alone */
export const compare = (uoa, other) => send({ type: 'compare', uoa, with: other });

/** Return the strip at the bottom of a box that tells what is different. @param {Box} box */
export function strip({ mark, w, h }) {
  if (!mark) return '';
  const room = Math.floor((w - 42) / LETTER);
  return markup`<g class="mark" transform="translate(0,${h - mark.height})">
    <path class="mark-strip" d="M4 -5H${w - 4}V${mark.height - 6}A6 6 0 0 1 ${w - 10} ${mark.height}H10A6 6 0 0 1 4 ${mark.height - 6}Z"/>
    <text class="mark-sign" x="13" y="${mark.height - 6}">${mark.sign}</text><text class="mark-text" x="27" y="${mark.height - 6}">${cut(mark.text, room)}</text></g>`;
}

/** Return a box without the strip at its bottom. @param {Box} box @returns {Box} */
export const body = (box) => (box.mark ? { ...box, h: box.h - box.mark.height } : box);

/** Return both ends of an edge from a parent to its child, in the tree of models. @param {Drawing} graph @param {HTMLElement | null} edge */
export function kinship(graph, edge) {
  const { source, target } = edge?.dataset ?? {};
  return graph.level === 'L3' && source && target ? { parent: source, child: target } : null;
}

/**
 * Return what a unit can be compared with: a model with its parents and with the selected one, a layer's inside with
 * that of the same layer in the model beside.
 * @param {Drawing} graph @param {string} uoa @param {string} selected @returns {Entry[]}
 */
export function comparisons(graph, uoa, selected) {
  const box = graph.nodes.find((each) => each.uoa === uoa);
  if (box?.kind === 'group' && box.twin) return [{ title: 'Compare what is inside', icon: 'columns-2', choose: () => descendBoth(graph, uoa) }];
  if (box?.kind !== 'model') return [];
  const parents = graph.edges.filter(({ target }) => target === uoa).map(({ source }) => source);
  const models = graph.nodes.filter(({ uoa: each }) => parents.includes(each));
  const other = graph.nodes.find((each) => each.uoa === selected && selected !== uoa && !parents.includes(selected));
  return [
    ...models.map((parent) => entry(models.length > 1 ? `Compare with its parent ${parent.name}` : 'Compare with its parent', uoa, parent.uoa)),
    ...(other ? [entry(`Compare with ${other.name}, which is selected`, uoa, other.uoa)] : []),
  ];
}

/** @param {string} title @param {string} uoa @param {string} other @returns {Entry} */
const entry = (title, uoa, other) => ({ title, icon: 'columns-2', choose: () => compare(uoa, other) });

/**
 * Go into a layer that both models have, side by side; returns whether it is one.
 * @param {Drawing} graph @param {string} uoa
 */
export function descendBoth(graph, uoa) {
  const box = graph.nodes.find((each) => each.uoa === uoa);
  if (box?.kind !== 'group' || !box.twin) return false;
  const swapped = graph.comparison?.before.model === uoa.split('/')[0];
  if (swapped) compare(box.twin, uoa);
  else compare(uoa, box.twin);
  return true;
}

export class ComparisonBar {
  constructor() {
    this.root = element('div', { class: 'comparison', role: 'region', 'aria-label': 'Comparison', hidden: true });
    /** @type {Record<string, number>} which layer of a kind was shown last */
    this.last = {};
  }

  /** @param {Comparison | undefined} comparison */
  update(comparison) {
    this.root.hidden = !comparison;
    this.last = {};
    if (!comparison) return this.root.replaceChildren();
    const { before, after, group, kinds, numbers, note } = comparison;
    return this.root.replaceChildren(
      element(
        'div',
        { class: 'told' },
        element('span', { class: 'pair' }, name(before), icon('arrow-right'), name(after)),
        ...kinds.map((kind) => this.kind(kind)),
        ...(note ? [element('span', { class: 'said' }, note)] : []),
        ...numbers.map(number),
      ),
      element(
        'span',
        { class: 'ends' },
        ...(group ? [iconButton('arrow-up', 'Back to the whole models', () => compare(after.model, before.model))] : []),
        iconButton('arrows-horizontal', 'Swap the sides', () => compare(before.uoa, after.uoa)),
        iconButton('x', `Close: only ${after.name}`, () => compare(after.uoa, '')),
      ),
    );
  }

  /** A kind of mark: what its sign means, how many there are; a click goes from one to the next. @param {Comparison['kinds'][number]} kind */
  kind({ kind, sign, uoas }) {
    return element(
      'button',
      { type: 'button', class: `mark-kind mark-${kind}`, title: `Show the next layer that was ${TOLD[kind]}`, click: () => this.next(kind, uoas) },
      element('b', { 'aria-hidden': 'true' }, sign),
      `${uoas.length} ${TOLD[kind]}`,
    );
  }

  /** @param {string} kind @param {string[]} uoas */
  next(kind, uoas) {
    this.last[kind] = ((this.last[kind] ?? -1) + 1) % uoas.length;
    send({ type: 'select', uoa: uoas[this.last[kind]] });
  }
}

/** @param {Comparison['before']} model */
const name = ({ model, name, color }) =>
  element('span', { class: 'side', 'data-uoa': model, title: name }, element('i', { class: 'dot', style: `background:${color}` }), element('span', { class: 'name' }, name));

/** @param {Comparison['numbers'][number]} number */
const number = ({ name, before, after }) => element('span', { class: 'change' }, `${name} `, element('b', {}, `${before} → ${after}`));
