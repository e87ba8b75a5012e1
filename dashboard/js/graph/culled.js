/** Elements of a long list in an SVG group: only those in sight are there, built when they come and dropped when they go. */

/** @typedef {import('./types.js').Bounds} Bounds */

const SVG = 'http://www.w3.org/2000/svg';

/** Tell whether two areas share a point. @param {Bounds} a @param {Bounds} b */
export const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/** Tell whether `inner` lies within `outer`. @param {Bounds} outer @param {Bounds} inner */
export const holds = (outer, inner) => outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

/** Return an area with more room on every side, a share of its own length. @param {Bounds} area @param {number} share @returns {Bounds} */
export function grown([left, top, right, bottom], share) {
  const [x, y] = [(right - left) * share, (bottom - top) * share];
  return [left - x, top - y, right + x, bottom + y];
}

/** @template Item */
export class Culled {
  /**
   * @param {SVGGElement} group
   * @param {(item: Item) => {toString(): string}} markupOf
   * @param {(element: SVGGElement, item: Item) => void} built is told of every new element
   */
  constructor(group, markupOf, built) {
    this.group = group;
    this.markupOf = markupOf;
    this.built = built;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Bounds[]} */
    this.extents = [];
    /** @type {Map<number, SVGGElement>} */
    this.attached = new Map();
  }

  /** Begin anew, with nothing attached. @param {Item[]} items @param {Bounds[]} extents of each */
  draw(items, extents) {
    this.items = items;
    this.extents = extents;
    this.attached.clear();
    this.group.replaceChildren();
  }

  /** Attach everything. */
  all() {
    this.attach(this.items.map((_, index) => index));
  }

  /**
   * Attach what meets an area and detach the rest. Hidden elements would do as little: Chromium lays them out again
   * whenever the scale changes.
   * @param {Bounds | null} area null: nothing @param {Set<number>} kept stays in any case
   */
  show(area, kept) {
    /** @param {number} index */
    const wanted = (index) => kept.has(index) || (area !== null && meets(this.extents[index], area));
    for (const [index, element] of this.attached) {
      if (wanted(index)) continue;
      element.remove();
      this.attached.delete(index);
    }
    if (area) this.attach(this.items.flatMap((_, index) => (wanted(index) ? [index] : [])));
    else this.attach([...kept]);
  }

  /** Return which item has the focus, if one has. */
  focused() {
    return new Set([...this.attached].filter(([, element]) => element === document.activeElement).map(([index]) => index));
  }

  /** Attach some items that are not there yet. @param {number[]} indices */
  attach(indices) {
    const missing = indices.filter((index) => !this.attached.has(index));
    if (!missing.length) return;
    const holder = document.createElementNS(SVG, 'g');
    holder.innerHTML = missing.map((index) => String(this.markupOf(this.items[index]))).join('');
    const elements = /** @type {SVGGElement[]} */ ([...holder.children]);
    elements.forEach((element, place) => {
      this.attached.set(missing[place], element);
      this.built(element, this.items[missing[place]]);
    });
    this.group.append(...elements);
  }
}
