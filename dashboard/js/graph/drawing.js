/** A drawing as SVG text: frames, edges, boxes. Colours come from the style sheet and from `annotation.js`. */
import { constant, cut, markup } from '../html.js';
import { body, strip } from './comparing.js';
import { definitions } from './pictograms.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Line} Line */
/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./types.js').Pictogram} Pictogram */

/** @type {Record<string, number>} heights of the bars that stand for kinds of layers */
const ARCHITECTURE = {
  input: 8, convolution: 28, pooling: 16, dense: 20, normalisation: 12, recurrent: 26, merge: 10, reshape: 8, attention: 24, activation: 12, other: 14,
};
const BAR = 12; // px from one bar to the next

const LETTER = 7; // px of a name's letter, about
const ROOMY = 500; // px of a frame in which its title can be larger
const LARGE_LETTER = 13.5; // px, where names are large because everything else is small

/**
 * Return a path through points that leaves and arrives along the direction of the flow.
 * @param {Point[]} points @param {boolean} horizontal
 */
export function path(points, horizontal) {
  let out = `M${points[0][0]} ${points[0][1]}`;
  for (let index = 1; index < points.length; index += 1) {
    const [x0, y0] = points[index - 1];
    const [x1, y1] = points[index];
    const middle = horizontal ? (x0 + x1) / 2 : (y0 + y1) / 2;
    if (x0 === x1 || y0 === y1) out += `L${x1} ${y1}`;
    else out += horizontal ? `C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}` : `C${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
  }
  return out;
}

const ARROW = markup`marker-end="url(#arrow)"`;

/** Return the inside of the SVG element, without what is drawn. */
export const shell = () => markup`
  <defs>
    ${marker('arrow', 9)}${marker('small-arrow', 7)}
    <pattern id="dots" width="24" height="24" patternUnits="userSpaceOnUse"><circle cx="1.2" cy="1.2" r="1.2" class="dot"/></pattern>
    ${constant(definitions())}
  </defs>
  <rect class="background" width="100%" height="100%" fill="url(#dots)"/>
  <g class="viewport"><g class="frames"></g><g class="edges"></g><g class="nodes"></g></g>`;

/** @param {string} id @param {number} size */
const marker = (id, size) =>
  markup`<marker id="${id}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="${size}" markerHeight="${size}" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 .5L7 4L0 7.5z"/></marker>`;

/** A chevron that unfolds a box in its place, or folds it again. @param {number} x @param {number} y @param {boolean} open */
const unfolder = (x, y, open) => markup`<g class="unfold" data-unfold data-tip="${open ? 'Fold again' : 'Unfold in place'}  (Shift+Enter)" transform="translate(${x},${y})">
  <rect x="-9" y="-9" width="18" height="18" rx="5"/><path d="${open ? 'M-4 2L0 -2L4 2' : 'M-4 -2L0 2L4 -2'}"/></g>`;

/** @param {Frame} frame */
export function frameMarkup(frame) {
  const name = cut(frame.name, Math.max(4, Math.floor((frame.w - 70) / 8)));
  const width = name.length * 8 + (frame.folds ? 58 : 36);
  return markup`<g class="frame ${frame.folds ? 'open' : ''}" data-uoa="${frame.uoa}" data-kind="${frame.kind}" data-fits="${frame.fits.join(' ')}"
      ${name === frame.name ? '' : markup`data-tip="${frame.name}"`} tabindex="0" role="button" aria-label="${frame.kind === 'fold' ? 'unfolded' : frame.kind} ${frame.name}" style="--own:${frame.color}">
    <rect class="border" x="${frame.x}" y="${frame.y}" width="${frame.w}" height="${frame.h}" rx="16"/>
    <g transform="translate(${frame.x + 20},${frame.y})"><g class="${frame.w > ROOMY ? 'tag roomy' : 'tag'}">
      <rect class="tab" x="-8" y="-13" width="${width}" height="26" rx="13"/>
      <circle cx="7" cy="0" r="4.5" fill="${frame.color}"/><text class="title" x="18" y="4.5">${name}</text>
      ${frame.folds ? unfolder(width - 22, 0, true) : ''}
    </g></g></g>`;
}

/** @param {Line} edge */
export function edgeMarkup(edge) {
  const along = path(edge.points, edge.horizontal);
  const [start, second] = edge.points;
  const label = !edge.label ? '' : edge.horizontal
    ? markup`<text class="label" x="${(start[0] + second[0]) / 2}" y="${(start[1] + second[1]) / 2 - 9}" text-anchor="middle">${edge.label}</text>`
    : markup`<text class="label" x="${start[0] + 10}" y="${start[1] + 24}">${edge.label}</text>`;
  const note = !edge.note ? '' : markup`<text class="label note" x="${(start[0] + second[0]) / 2}" y="${(start[1] + second[1]) / 2 + 17}" text-anchor="middle">${edge.note}</text>`;
  const style = `stroke-width:${edge.width ?? 1.6}${edge.color ? `;stroke:${edge.color}` : ''}`;
  return markup`<g class="edge ${edge.mark ? `mark-${edge.mark}` : ''}" data-uoas="${edge.source} ${edge.target}" data-source="${edge.source}" data-target="${edge.target}" data-tip="${edge.tip ?? ''}">
    <path class="hit" d="${along}"/><path class="stroke" d="${along}" style="${style}" ${edge.plain ? '' : ARROW}/>${label}${note}</g>`;
}

const INSIDE = { model, layer, group: layer, fold, neuron };

/** @param {Box} box */
export const boxMarkup = (box) => markup`<g class="node ${box.kind} ${box.mark ? `mark-${box.mark.kind}` : ''}" data-uoa="${box.uoa}" data-kind="${box.kind === 'neuron' ? 'unit' : box.kind}"
    data-fits="${box.fits.join(' ')}" data-tip="${box.tip}" tabindex="0" role="group" aria-label="${box.label}"
    transform="translate(${box.x - box.w / 2},${box.y - box.h / 2})">${strip(box)}${INSIDE[box.kind](body(box))}<g class="annotation"></g></g>`;

/**
 * Return a box's name twice: one of the two is shown, the larger when seen from far.
 * @param {Box} box @param {number} x @param {number} y @param {number} letters that there is room for
 */
const nameOf = (box, x, y, letters) => markup`<text class="name" x="${x}" y="${y}">${cut(box.name, letters)}</text>
  <text class="name large" x="${x}" y="${y + 6}">${cut(box.name, Math.floor((box.w - x - 8) / LARGE_LETTER))}</text>`;

/**
 * Return a small picture of an architecture: a bar for each layer.
 * @param {string[]} kinds @param {number} further how many there are besides @param {number} left @param {number} middle
 */
function bars(kinds, further, left, middle) {
  const layers = kinds.map((kind, index) => {
    const height = ARCHITECTURE[kind];
    return markup`<rect class="kind-${kind}" x="${left + index * BAR}" y="${middle - height / 2}" width="8" height="${height}" rx="2"/>`;
  });
  return [...layers, further ? markup`<text class="small" x="${left + kinds.length * BAR}" y="${middle + 4}">+${further}</text>` : ''];
}

/** @param {Box} box */
function model(box) {
  const { id, color, type, parameters, picture, further, state, metric } = box.more;
  const right = box.w - 14;
  return markup`<rect class="box" width="${box.w}" height="${box.h}" rx="10"/>
    <path class="stripe" d="M10 0H6V${box.h}H10A10 10 0 0 1 0 ${box.h - 10}V10A10 10 0 0 1 10 0" fill="${color}"/>
    ${nameOf(box, 20, 24, 21)}
    <text class="small" x="20" y="43">${id} · ${type}</text>
    ${state === 'finished' ? '' : markup`<g class="state ${state}" transform="translate(${right - 68},56)"><circle r="4"/><text class="small" x="9" y="4">${state}</text></g>`}
    ${bars(picture, further, 20, 66)}
    <text class="type" x="20" y="${box.h - 12}">${parameters} params</text>
    ${metric ? markup`<text class="metric" x="${right}" y="${box.h - 12}" text-anchor="end">${metric.text}</text><text class="small" x="${right}" y="${box.h - 31}" text-anchor="end">best ${metric.name}</text>` : ''}`;
}

/** @param {Box} box */
function layer(box) {
  const { type, shape, parameters, operations, links } = box.more;
  const arrows = links.map((/** @type {Point} */ [from, to]) => inner(operations[from], operations[to]));
  return markup`${box.kind === 'group' ? plates(box) : ''}<rect class="box" width="${box.w}" height="${box.h}" rx="10"/>
    ${header(box)}${arrows}${operations.map(pictogram)}${footer(box, type, shape, parameters)}
    ${box.kind === 'group' ? unfolder(box.w / 2, box.h, false) : ''}`;
}

/** A run of repeated blocks: the layers of one, on plates that stand for the others. @param {Box} box */
function fold(box) {
  const { type, shape, parameters, picture, further } = box.more;
  const width = picture.length * BAR + (further ? 30 : 0);
  return markup`${plates(box)}<rect class="box" width="${box.w}" height="${box.h}" rx="10"/>
    ${header(box)}${bars(picture, further, (box.w - width) / 2, 66)}${footer(box, type, shape, parameters)}
    ${unfolder(box.w / 2, box.h, false)}`;
}

/** @param {Box} box */
const plates = (box) => markup`<rect class="plate" x="10" y="-8" width="${box.w - 20}" height="20" rx="8"/><rect class="plate" x="5" y="-4" width="${box.w - 10}" height="20" rx="9"/>`;

/** @param {Box} box */
const header = (box) => markup`<path class="bar" d="M0 10A10 10 0 0 1 10 0H${box.w - 10}A10 10 0 0 1 ${box.w} 10V30H0Z"/>${nameOf(box, 14, 20, Math.floor((box.w - 100) / LETTER))}`;

/** @param {Box} box @param {string} type @param {string} shape @param {string} parameters */
const footer = (box, type, shape, parameters) => markup`<text class="type" x="14" y="${box.h - 11}"><tspan class="strong">${type}</tspan>${type ? '  ' : ''}${shape}</text>
  <text class="count" x="${box.w - 14}" y="${box.h - 11}" text-anchor="end">${parameters}</text>`;

/** @param {Pictogram} from @param {Pictogram} to */
function inner(from, to) {
  if (from.y === to.y) return markup`<path class="inner" d="M${from.x + from.size / 2 + 2} ${from.y}H${to.x - to.size / 2 - 4}" marker-end="url(#small-arrow)"/>`;
  if (Math.abs(from.x - to.x) < 1) return markup`<path class="inner" d="M${from.x} ${from.y - from.size / 2 - 2}V${to.y + to.size / 2 + 4}" marker-end="url(#small-arrow)"/>`;
  return markup`<path class="inner" d="${path([[from.x + from.size / 2 + 2, from.y], [to.x - to.size / 2 - 4, to.y]], true)}" marker-end="url(#small-arrow)"/>`;
}

/** Placed without a group's own transform: each one is work for the browser whenever the drawing is moved. @param {Pictogram} item */
function pictogram(item) {
  const { size } = item;
  const [x, y] = [item.x - size / 2, item.y - size / 2];
  const address = item.uoa ? markup`data-uoa="${item.uoa}" data-kind="${item.kind}" data-fits="${(item.fits ?? []).join(' ')}" data-tip="${item.tip ?? ''}"` : '';
  const aside = item.kind === 'weights';
  const label = aside
    ? markup`<text class="label" x="${x + size + 6}" y="${item.y - 1}">${item.label}</text><text class="small" x="${x + size + 6}" y="${item.y + 11}">${item.sub}</text>`
    : markup`<text class="label" x="${item.x}" y="${y - 5}" text-anchor="middle">${item.label}</text>`;
  return markup`<g class="pictogram ${item.kind}" ${address}>
    <rect class="outline" x="${x}" y="${y}" width="${size}" height="${size}" rx="${aside ? 5 : size / 4}"/>
    <use href="#pictogram-${item.pictogram}" transform="translate(${x},${y}) scale(${size / 40})"/>${label}</g>`;
}

/** @param {Box} box */
function neuron(box) {
  const { fill, text, side, picture, place } = box.more;
  const right = side === 'right';
  const x = right ? box.w + 8 : -8;
  const image = picture
    ? markup`<image class="maps" href="${picture}" x="${place.x}" y="${place.y}" width="${place.width}" height="${place.height}" preserveAspectRatio="none"/>`
    : '';
  return markup`<circle class="box" cx="${box.w / 2}" cy="${box.h / 2}" r="${box.w / 2}" style="fill:${fill}"/>
    <text class="neuron-name" x="${x}" y="${box.h / 2 + 4}" text-anchor="${right ? 'start' : 'end'}">${cut(box.name, 12)}  <tspan class="small">${text}</tspan></text>${image}`;
}
