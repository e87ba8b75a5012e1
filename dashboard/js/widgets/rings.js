/**
 * Rings over a plot: around hovered samples, around selected ones and cells with such. Plotly's own markers stay as they are;
 * those that are selected are seen once more in their rings, above all others.
 */

/** @typedef {import('./points.js').Mark} Mark */
/** @typedef {{x: number, y: number, width: number, height: number, color: string}} Spot its middle and its size, in px of the plot; a point's colour */

const SVG = 'http://www.w3.org/2000/svg';
const RING = 13; // px across a ring around a marker
export const MOST = 400; // rings of one plot: more would say nothing

export class Rings {
  /** @param {HTMLElement} frame what the plot fills */
  constructor(frame) {
    this.svg = document.createElementNS(SVG, 'svg');
    this.svg.setAttribute('class', 'rings');
    this.svg.setAttribute('aria-hidden', 'true');
    frame.append(this.svg);
  }

  /**
   * Draw rings in place of those of the same name.
   * @param {string} name a class of the style sheet @param {any} plot Plotly's element @param {Mark[]} marks
   */
  show(name, plot, marks) {
    for (const old of this.svg.querySelectorAll(`.${name}`)) old.remove();
    const rings = marks.slice(0, MOST).map((mark) => spotOf(plot, mark)).filter((spot) => spot !== null);
    this.svg.append(...rings.map((spot) => ring(name, spot)));
  }
}

/** A ring on a broader one in the colour of the ground: it can be told from what is below. @param {string} name @param {Spot} spot */
function ring(name, { x, y, width, height, color }) {
  const place = { x: x - width / 2, y: y - height / 2, width, height, rx: width === RING ? RING / 2 : 2 };
  const group = document.createElementNS(SVG, 'g');
  group.setAttribute('class', name);
  if (color) group.style.setProperty('--point', color);
  for (const part of ['halo', 'ring']) {
    const node = group.appendChild(document.createElementNS(SVG, 'rect'));
    for (const [attribute, value] of Object.entries({ class: part, ...place })) node.setAttribute(attribute, String(value));
  }
  return group;
}

/**
 * Return where a point is drawn, null if it is not in sight. Plotly has no public way to ask: what is used of
 * its axes (`_offset`, `_length`, `d2p`) and of points (`mcc`, `mc`) is pinned by a browser test.
 * @param {any} plot @param {Mark} mark @returns {Spot | null}
 */
export function spotOf(plot, { curve, place }) {
  const trace = plot._fullData?.[curve];
  if (!trace || trace.visible !== true) return null;
  const across = plot._fullLayout[axisName(trace.xaxis ?? 'x')];
  const down = plot._fullLayout[axisName(trace.yaxis ?? 'y')];
  const [column, row] = Array.isArray(place) ? [place[1], place[0]] : [place, place];
  const [x, y] = [across.d2p(at(trace.x, column)), down.d2p(at(trace.y, row))];
  if (!(x >= 0 && x <= across._length && y >= 0 && y <= down._length)) return null;
  const [width, height] = Array.isArray(place) ? [step(across, trace.x), step(down, trace.y)] : [RING, RING];
  return { x: across._offset + x, y: down._offset + y, width, height, color: Array.isArray(place) ? '' : colorOf(plot, curve, place) };
}

/** Return a marker's own colour, also where a scale or a list gives it. @param {any} plot @param {number} curve @param {number} place */
function colorOf(plot, curve, place) {
  const { mcc, mc } = plot.calcdata[curve][place] ?? {};
  return [mcc, mc, plot._fullData[curve].marker?.color].find((color) => typeof color === 'string') ?? '';
}

/** `x2` is the axis `xaxis2`. @param {string} id */
const axisName = (id) => `${id[0]}axis${id.slice(1)}`;

/** What is not given counts up from 0. @param {any[] | undefined} values @param {number} index */
const at = (values, index) => (values ? values[index] : index);

/** Return how far apart two cells of a heat map are, in px. @param {any} axis @param {any[] | undefined} values */
const step = (axis, values) => (values && values.length < 2 ? axis._length : Math.abs(axis.d2p(at(values, 1)) - axis.d2p(at(values, 0))));
