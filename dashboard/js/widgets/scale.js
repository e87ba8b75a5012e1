/** A common scale: the same ranges of axes, colours and bins for several figures. */
import { extentsOf, least, most, united } from './extents.js';

/** @typedef {import('./plot.js').Figure} Figure */
/** @typedef {import('./extents.js').Extent} Extent */

const MARGIN = 0.04; // share of the range that is left free around points and lines
const MOST_BINS = 512;

/** @typedef {{axes: Record<string, [number, number]>, colors: {zmin: number, zmax: number, zauto: false} | null}} Scale */

/**
 * Return one range for each axis of several figures, and one for the colours of their cells.
 * An axis has none where one of them has names on it, or is logarithmic while another is not.
 * @param {Figure[]} figures @returns {Scale}
 */
export const commonScale = (figures) => ({ axes: Object.fromEntries(commonRanges(figures)), colors: commonColors(figures) });

/** Return a figure on a scale. @param {Figure} figure @param {Scale} scale @returns {Figure} */
export const onScale = ({ data, layout }, { axes, colors }) => ({
  data: data.map((trace) => (trace.type === 'heatmap' && colors ? { ...trace, ...colors } : trace)),
  layout: { ...layout, ...Object.fromEntries(Object.entries(axes).map(([name, range]) => [name, { ...layout[name], range, autorange: false }])) },
});

/** @param {Figure[]} figures @returns {Map<string, [number, number]>} */
function commonRanges(figures) {
  const all = figures.map(extentsOf);
  /** @type {Map<string, [number, number]>} */
  const ranges = new Map();
  for (const name of all[0]?.keys() ?? []) {
    const kinds = new Set(figures.map(({ layout }) => layout[name]?.type ?? 'linear'));
    const named = figures.some(({ layout }) => layout[name]?.tickvals || layout[name]?.ticktext);
    const whole = all.map((extents) => extents.get(name) ?? null).reduce(united);
    if (whole && kinds.size === 1 && !named) ranges.set(name, [...kinds][0] === 'log' ? logarithmic(figures, name, whole) : padded(whole));
  }
  return ranges;
}

/** @param {Extent} extent @returns {[number, number]} */
function padded({ low, high, bars }) {
  const free = (high - low || Math.abs(high) || 1) * MARGIN;
  return [bars && low === 0 ? 0 : low - free, bars && high === 0 ? 0 : high + free];
}

/** The range of a logarithmic axis is in powers of ten, of what is above zero. @param {Figure[]} figures @param {string} name @param {Extent} whole @returns {[number, number]} */
function logarithmic(figures, name, { high }) {
  const letter = name[0];
  const positive = figures.flatMap(({ data }) => data.flatMap((trace) => [trace[letter] ?? []].flat())).filter((value) => value > 0);
  const [low, top] = [Math.log10(least(positive)), Math.log10(Math.max(high, least(positive)))];
  const free = (top - low || 1) * MARGIN;
  return [low - free, top + free];
}

/** Return one range of colours for every cell: around 0 where blue and red tell the sign. @param {Figure[]} figures @returns {Scale['colors']} */
function commonColors(figures) {
  const maps = figures.flatMap(({ data }) => data.filter(({ type }) => type === 'heatmap'));
  const cells = maps.flatMap(({ z }) => z.flat()).filter((/** @type {unknown} */ value) => Number.isFinite(value));
  if (!cells.length) return null;
  const [low, high] = [least(cells), most(cells)];
  const far = Math.max(Math.abs(low), Math.abs(high));
  const signed = maps.some(({ meta, zmid }) => meta?.scale === 'signed' || zmid === 0);
  return signed ? { zmin: -far, zmax: far, zauto: false } : { zmin: low, zmax: high, zauto: false };
}

/** @typedef {{low: number, high: number, bins: number}} Bins */

/**
 * Return the bins that hold what all histograms hold: from the lowest edge to the highest, as many as the finest has.
 * @param {Figure[]} histograms @returns {Bins | null} null where there is no bar
 */
export function commonBins(histograms) {
  const edges = histograms.flatMap(({ data }) => data.flatMap(({ customdata }) => (customdata ?? []).flat())).filter(Number.isFinite);
  if (!edges.length) return null;
  const counts = histograms.flatMap(({ data }) => data.map(({ x }) => (x ?? []).length));
  return { low: least(edges), high: most(edges), bins: Math.min(MOST_BINS, most(counts)) };
}

/**
 * Return a widget's question with other bins; null where it cannot be asked for them.
 * @param {string} question @param {{name: string}[]} settings @param {Bins} bins
 */
export function askedWith(question, settings, { low, high, bins }) {
  const names = settings.map(({ name }) => name);
  if (!['low', 'high', 'bins'].every((name) => names.includes(name))) return null;
  const asked = JSON.parse(question);
  const changed = { ...asked.widget.settings, low: String(low), high: String(high), bins };
  return JSON.stringify({ ...asked, widget: { ...asked.widget, settings: changed } });
}
