/** Which samples and units the points of a figure stand for. A heat map's points are cells, [row, column]. */

/** @typedef {import('./plot.js').Trace} Trace */
/** @typedef {number | [number, number]} Place a point's position in its trace */
/** @typedef {{curve: number, place: Place}} Mark */

/** Return the samples of one point: a cell may stand for many. @param {Trace} trace @param {Place} place @returns {number[]} */
export function samplesAt(trace, place) {
  const found = within(trace.meta?.samples, place);
  return found === undefined || found === null ? [] : [found].flat();
}

/** Return the unit of one point, else that of its trace. @param {Trace} trace @param {Place} place @returns {string} */
export const unitAt = (trace, place) => within(trace.meta?.uoas, place) ?? trace.meta?.uoa ?? '';

/** @param {any} table @param {Place} place @returns {any} */
const within = (table, place) => (Array.isArray(place) ? table?.[place[0]]?.[place[1]] : table?.[place]);

/** Return where every sample is seen. @param {Trace[]} traces @returns {Map<number, Mark[]>} */
export function marksBySample(traces) {
  /** @type {Map<number, Mark[]>} */
  const marks = new Map();
  for (const [curve, trace] of traces.entries()) {
    for (const place of placesOf(trace)) {
      for (const sample of samplesAt(trace, place)) {
        const known = marks.get(sample);
        if (known) known.push({ curve, place });
        else marks.set(sample, [{ curve, place }]);
      }
    }
  }
  return marks;
}

/** @param {Trace} trace @returns {Place[]} */
function placesOf(trace) {
  const samples = trace.meta?.samples ?? [];
  if (trace.type !== 'heatmap') return samples.map((_, place) => place);
  return samples.flatMap((cells, row) => (Array.isArray(cells) ? cells.map((_, column) => /** @type {Place} */ ([row, column])) : []));
}

/** Whether points can be brushed: scattered ones that stand for samples. @param {Trace[]} traces */
export const brushable = (traces) => traces.some((trace) => trace.meta?.samples && (trace.type ?? 'scatter') === 'scatter');

/**
 * Return a trace whose points outside of a selection are dim.
 * @param {Trace} trace @param {Set<number> | null} chosen null: there is no selection of these samples
 * @returns {Trace}
 */
export function brushed(trace, chosen) {
  if (!trace.meta?.samples || (trace.type ?? 'scatter') !== 'scatter') return trace;
  if (!chosen) return { ...trace, selectedpoints: null };
  const inside = placesOf(trace).filter((place) => samplesAt(trace, place).some((sample) => chosen.has(sample)));
  return { ...trace, selectedpoints: inside, unselected: { marker: { opacity: 0.16 } } };
}
