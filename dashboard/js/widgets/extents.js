/** How far the values of figures reach, along each of their axes. */

/** @typedef {import('./plot.js').Trace} Trace */
/** @typedef {import('./plot.js').Figure} Figure */
/** @typedef {{low: number, high: number, bars: boolean}} Extent `bars`: something stands on the axis' zero */

/** `x2` is the axis `xaxis2`. @param {string} id */
export const axisName = (id) => `${id[0]}axis${id.slice(1)}`;

/**
 * Return the extent of every axis of a figure that holds numbers; an axis with anything else is left out.
 * @param {Figure} figure @returns {Map<string, Extent>}
 */
export function extentsOf(figure) {
  /** @type {Map<string, Extent | null>} */
  const found = new Map();
  for (const trace of figure.data) {
    for (const letter of /** @type {const} */ (['x', 'y'])) {
      const name = axisName(trace[`${letter}axis`] ?? letter);
      const own = figure.layout[name]?.type === 'category' ? null : extent(trace, letter);
      if (own !== undefined) found.set(name, found.has(name) ? united(found.get(name) ?? null, own) : own);
    }
  }
  return new Map([...found].flatMap(([name, own]) => (own ? [[name, own]] : [])));
}

/** @param {Extent | null} one @param {Extent | null} other @returns {Extent | null} null: one of them is not of numbers */
export const united = (one, other) =>
  one && other ? { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high), bars: one.bars || other.bars } : null;

/** @param {Trace} trace @param {'x' | 'y'} letter @returns {Extent | null | undefined} undefined: it says nothing of this axis */
function extent(trace, letter) {
  if (trace.type === 'heatmap') return null; // cells are named, or of one size
  const values = valuesOf(trace, letter);
  if (values === null) return null;
  const numbers = values.filter((value) => Number.isFinite(value));
  if (!numbers.length) return undefined;
  const [low, high] = [least(numbers), most(numbers)];
  const stands = standsOn(trace, letter);
  return { low: stands ? Math.min(0, low) : low, high: stands ? Math.max(0, high) : high, bars: stands };
}

/** Return a trace's numbers along an axis, the edges of its bars included; null where it has names. @param {Trace} trace @param {'x' | 'y'} letter */
function valuesOf(trace, letter) {
  const found = [trace[letter] ?? []].flat();
  if (trace.type === 'box' && letter === 'y') return ['lowerfence', 'q1', 'median', 'q3', 'upperfence'].flatMap((name) => trace[name] ?? []);
  if (found.some((value) => typeof value === 'string')) return null;
  const along = trace.type === 'bar' && (trace.orientation === 'h' ? 'y' : 'x') === letter;
  if (!along || trace.width === undefined) return found;
  return found.flatMap((middle, index) => {
    const half = (Array.isArray(trace.width) ? trace.width[index] : trace.width) / 2;
    return [middle - half, middle + half];
  });
}

/** Whether a trace stands on the zero of an axis: bars and areas do. @param {Trace} trace @param {'x' | 'y'} letter */
const standsOn = (trace, letter) =>
  trace.type === 'bar' ? (trace.orientation === 'h' ? 'x' : 'y') === letter : trace.fill === `tozero${letter}`;

/** @param {number[]} numbers */
export const least = (numbers) => numbers.reduce((one, other) => Math.min(one, other), Infinity);
/** @param {number[]} numbers */
export const most = (numbers) => numbers.reduce((one, other) => Math.max(one, other), -Infinity);
