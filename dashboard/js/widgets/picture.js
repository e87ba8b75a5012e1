/** What a widget shows as pictures for paper: plots and sheets of images, dark on white whatever the page's theme. */
import { markup } from '../html.js';
import { plotly } from './plotly.js';
import { brushed } from './points.js';
import { themedLayout, themedTrace } from './themed.js';

/** @typedef {import('./plot.js').Figure} Figure */
/** @typedef {import('./pictures.js').Picture} Picture */
/** @typedef {import('./content.js').Series} Series */
/** @typedef {{uri: string, width: number, height: number}} Still an SVG as a data URI, and its size in px */

/** The page's light theme, on white. @type {import('./themed.js').Palette} */
const PAPER = { theme: 'light', ink: '#4d5970', strong: '#1b2437', grid: '#e3e8f0', card: '#ffffff' };
const WIDTH = 720;
const LEAST_HEIGHT = 300;
const SCALE = 2; // pixels of a PNG for each of the page

const CELL = 76; // px of a sheet's picture, its label below
const IMAGE = 64;
const COLUMNS = 9;
const LABEL = 14;
const WORDS = 360; // px of a sequence of words

/**
 * Return a plot as a picture, as a data URI; members and classes are told by a legend.
 * @param {Figure} figure @param {'png' | 'svg'} format @param {Series[]} series @param {Set<number> | null} chosen samples that are marked
 */
export async function plotPicture(figure, format, series = [], chosen = null) {
  const library = await plotly();
  const height = Math.max(LEAST_HEIGHT, figure.layout.height ?? 0);
  const layout = { ...themedLayout(figure.layout, PAPER), paper_bgcolor: PAPER.card, plot_bgcolor: PAPER.card, height, width: WIDTH, autosize: false };
  const data = figure.data.map((trace) => brushed(themedTrace(trace, PAPER), chosen));
  const told = withLegend({ data, layout }, series);
  return library.toImage(told, { format, width: WIDTH, height, scale: format === 'png' ? SCALE : 1 });
}

/** What chips tell on the page is told by a legend. @param {Figure} figure @param {Series[]} series @returns {Figure} */
export function withLegend({ data, layout }, series) {
  if (series.length < 2) return { data, layout };
  const keys = series.map(({ name, color }) => ({
    type: 'scatter', mode: 'markers', x: [null], y: [null], name, marker: { color, size: 9 }, showlegend: true, hoverinfo: 'skip',
  }));
  const legend = { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom', font: { size: 10 } };
  return { data: [...data.map((trace) => ({ ...trace, showlegend: false })), ...keys], layout: { ...layout, showlegend: true, legend, margin: { ...layout.margin, t: 30 } } };
}

/** Return an SVG on paper. @param {number} width @param {number} height @param {ReturnType<typeof markup>} inside @returns {Still} */
export function still(width, height, inside) {
  const svg = markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${PAPER.card}"/>${inside}</svg>`;
  return { uri: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(String(svg))}`, width, height };
}

/** Return pictures as one SVG, row by row, each with its label. @param {Picture[]} pictures */
export function sheet(pictures) {
  const words = pictures.some(({ text }) => text !== undefined);
  const [wide, columns] = words ? [WORDS, 2] : [CELL, COLUMNS];
  const cells = pictures.map((picture, index) => cell(picture, (index % columns) * wide, Math.floor(index / columns) * (CELL + LABEL)));
  const [width, height] = [Math.min(columns, pictures.length) * wide, Math.ceil(pictures.length / columns) * (CELL + LABEL)];
  return still(width, height, markup`<g font-family="sans-serif" font-size="9" fill="${PAPER.ink}">${cells}</g>`);
}

/** @param {Picture} picture @param {number} x @param {number} y */
function cell({ src, text, label, tip }, x, y) {
  const seen = src
    ? markup`<image href="${src}" width="${IMAGE}" height="${IMAGE}" style="image-rendering:pixelated"/>`
    : markup`<text y="12" font-size="11">${(text ?? '').slice(0, 60)}</text>`;
  const name = markup`<text y="${IMAGE + 11}" x="${src ? IMAGE / 2 : 0}"${src ? markup` text-anchor="middle"` : ''}>${label.slice(0, src ? 15 : 60)}</text>`;
  return markup`<g transform="translate(${x + 6},${y + 6})"><title>${tip ?? label}</title>${seen}${name}</g>`;
}

/** Return an SVG as PNG, as a data URI. @param {Still} drawn */
export async function pixels({ uri, width, height }) {
  const image = new Image();
  image.src = uri;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}
