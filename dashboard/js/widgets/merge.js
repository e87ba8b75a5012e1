/** Several charts as one, several tables as one. */

/** @typedef {import('./plot.js').Trace} Trace */
/** @typedef {import('./plot.js').Figure} Figure */
/** @typedef {import('./card.js').Shown} Shown */
/** @typedef {{name: string, color: string, content: Shown}} Member */

/** How much the members of a chart let through: what lies over one another must be seen. @type {Record<string, number>} */
const OPACITY = { histogram: 0.55, densities: 0.85, lines: 1, scatter: 0.75, bars: 1, boxes: 1 };
const DASHES = ['solid', 'dot', 'dash', 'dashdot', 'longdash'];
const AREA = 0.18;
const EXTRA = /<extra>.*?<\/extra>/s;

/** Return why members cannot become one, for people; empty where they can. @param {Member[]} members */
export function whyNotMerged(members) {
  const contents = members.map(({ content }) => content);
  if (contents.some(({ error }) => error)) return 'One of them has nothing to show.';
  if (contents.every(({ table, figure }) => table && !figure)) return sameColumns(contents) ? '' : 'Their tables have different columns.';
  const kinds = new Set(contents.map(({ merge, figure }) => (figure ? (merge ?? '') : '')));
  if (kinds.has('') || kinds.has('table')) return 'Only charts of one kind, or tables, can become one.';
  if (kinds.size > 1) return `They are charts of different kinds: ${[...kinds].join(', ')}.`;
  const traces = contents.flatMap(({ figure }) => /** @type {Figure} */ (figure).data);
  if (traces.some(({ xaxis, yaxis }) => (xaxis ?? 'x') !== 'x' || (yaxis ?? 'y') !== 'y')) return 'One of them has several panels.';
  if (new Set(traces.map(({ orientation }) => orientation ?? 'v')).size > 1) return 'The bars of some stand, those of others lie.';
  if (new Set(traces.filter(({ x }) => x?.length).map(({ x }) => typeof x[0])).size > 1) return 'Some have names along the axis, others numbers.';
  const titles = new Set(contents.map(({ figure }) => title(figure, 'xaxis')));
  return titles.size > 1 ? `They are drawn along different things: ${[...titles].map((each) => each || 'none').join(', ')}.` : '';
}

/** @param {Shown[]} contents */
function sameColumns(contents) {
  return new Set(contents.map(({ table }) => JSON.stringify(table?.columns.map(({ name }) => name)))).size === 1;
}

/** @param {Figure | undefined} figure @param {string} axis @returns {string} */
const title = (figure, axis) => figure?.layout[axis]?.title?.text ?? '';

/** Return what members show together, for which there is no reason why not. @param {Member[]} members @returns {Shown} */
export const merged = (members) => (members[0].content.figure ? { ...linked(members), figure: mergedFigure(members) } : { ...linked(members), table: mergedTable(members) });

/** Samples stay linked where all are of the same ones, and what all captions say is said of the whole. @param {Member[]} members @returns {Shown} */
function linked(members) {
  const [space, caption] = [sharedSpace(members), sharedCaption(members)];
  return { ...(space ? { space } : {}), ...(caption ? { caption } : {}) };
}

/** @param {Member[]} members */
function sharedCaption(members) {
  const [first, ...others] = members.map(({ content }) => (content.caption ?? '').split(' · '));
  return first.filter((part) => others.every((other) => other.includes(part))).join(' · ');
}

/** @param {Member[]} members */
function sharedSpace(members) {
  const spaces = new Set(members.map(({ content }) => content.space ?? ''));
  return spaces.size === 1 ? [...spaces][0] : '';
}

/** Rows follow one another as in the first table; of the same sample they stand together. @param {Member[]} members @returns {import('./card.js').Table} */
function mergedTable(members) {
  const tables = members.map(({ content }) => /** @type {import('./card.js').Table} */ (content.table));
  const keep = sharedSpace(members) && tables.every((table) => table.samples);
  const places = tables.flatMap(({ rows, samples }, member) => rows.map((_, row) => ({ member, row, sample: samples?.[row] ?? 0 })));
  const order = keep ? besideTheirSample(places) : places;
  const rows = order.map(({ member, row }) => [members[member].name, ...tables[member].rows[row]]);
  /** @type {import('./card.js').Table['columns']} */
  const columns = [{ name: 'widget', title: 'Widget', kind: 'text' }, ...tables[0].columns];
  const uoas = tables.every((table) => table.uoas) ? { uoas: order.map(({ member, row }) => tables[member].uoas?.[row] ?? '') } : {};
  const samples = keep ? { samples: order.map(({ sample }) => sample) } : {};
  return { columns, rows, ...uoas, ...samples };
}

/** Return the places of rows, those of a sample after one another, from where its first one is. @template {{sample: number}} Place @param {Place[]} places */
function besideTheirSample(places) {
  const first = new Map(places.map(({ sample }, index) => /** @type {[number, number]} */ ([sample, index])).reverse());
  const rank = (/** @type {Place} */ { sample }) => /** @type {number} */ (first.get(sample));
  return places.toSorted((one, other) => rank(one) - rank(other));
}

/** @param {Member[]} members @returns {Figure} */
function mergedFigure(members) {
  const kind = members[0].content.merge ?? '';
  const figures = members.map(({ content }) => /** @type {Figure} */ (content.figure)).map((figure) => (kind === 'histogram' ? asShares(figure) : figure));
  const space = sharedSpace(members);
  const data = members.flatMap(({ name, color }, index) =>
    figures[index].data.map((trace, place) => withoutSamples(worn(trace, { kind, name, color, place, member: index }), space)),
  );
  const layout = mergedLayout(figures, kind);
  return kind === 'boxes' ? besides(figures, data, layout) : { data, layout };
}

/** Counts of few values beside those of many would not be seen: each histogram is shown in shares of its own. @param {Figure} figure @returns {Figure} */
function asShares({ data, layout }) {
  const total = data.reduce((sum, { y }) => sum + y.reduce((/** @type {number} */ all, /** @type {number} */ count) => all + (count ?? 0), 0), 0) || 1;
  const shares = data.map((trace) => ({
    ...trace,
    y: trace.y.map((/** @type {number} */ count) => count / total),
    ...(trace.hovertemplate ? { hovertemplate: trace.hovertemplate.replace(/%\{y[^}]*\}/, '%{y:.2%}') } : {}),
  }));
  return { data: shares, layout: { ...layout, yaxis: { ...layout.yaxis, tickformat: '.0%', title: { text: 'share of the values' } } } };
}

/** @param {Figure[]} figures @param {string} kind @returns {Record<string, any>} */
function mergedLayout(figures, kind) {
  const [first] = figures;
  const { range: _x, autorange: _ax, ...xaxis } = first.layout.xaxis ?? {};
  const { range: _y, autorange, ...yaxis } = first.layout.yaxis ?? {};
  const same = new Set(figures.map((figure) => title(figure, 'yaxis'))).size === 1;
  return {
    ...first.layout,
    xaxis,
    yaxis: { ...yaxis, ...(autorange === 'reversed' ? { autorange } : {}), title: same ? yaxis.title : undefined },
    height: Math.max(...figures.map(({ layout }) => layout.height ?? 0)),
    barmode: kind === 'bars' ? 'group' : 'overlay',
    boxmode: 'group',
  };
}

/** Return a trace in its member's colour; its style stays. @param {Trace} trace @param {{kind: string, name: string, color: string, place: number, member: number}} as @returns {Trace} */
function worn(trace, { kind, name, color, place, member }) {
  const own = place && kind !== 'boxes' ? shade(color, place) : color; // boxes are told apart by where they stand
  const whole = trace.name && place ? `${name} · ${trace.name}` : name;
  const line = trace.line ? { line: { ...trace.line, color: own, ...(kind === 'lines' && place ? { dash: DASHES[place % DASHES.length] } : {}) } } : {};
  return {
    ...trace,
    ...line,
    name: whole,
    legendgroup: String(member),
    meta: { ...trace.meta, member },
    opacity: Math.min(trace.opacity ?? 1, OPACITY[kind] ?? 1),
    ...(trace.type === 'bar' || trace.marker ? { marker: { ...trace.marker, color: own, colorscale: undefined, showscale: false } } : {}),
    ...(trace.fillcolor || trace.fill ? { fillcolor: through(own, trace.type === 'box' ? 0.3 : AREA) } : {}),
    ...(trace.type === 'box' || kind === 'bars' ? { offsetgroup: `${member}` } : {}),
    ...(trace.hovertemplate ? { hovertemplate: trace.hovertemplate.replace(EXTRA, '') + `<extra>${escaped(whole)}</extra>` } : {}),
  };
}

/** @param {Trace} trace @param {string} space @returns {Trace} */
function withoutSamples(trace, space) {
  if (space || !trace.meta?.samples) return trace;
  const { samples: _, ...meta } = trace.meta;
  return { ...trace, meta };
}

/** Boxes of the same groups stand beside each other, those of others after one another. @param {Figure[]} figures @param {Trace[]} data @param {Record<string, any>} layout @returns {Figure} */
function besides(figures, data, layout) {
  const names = figures.map((figure) => JSON.stringify(figure.layout.xaxis?.ticktext ?? null));
  if (new Set(names).size === 1) return { data, layout };
  const starts = figures.map((_, index) => figures.slice(0, index).reduce((sum, { data: before }) => sum + before.length, 0));
  const ticks = figures.flatMap(({ layout: { xaxis } }, index) => (xaxis?.tickvals ?? []).map((/** @type {number} */ at) => at + starts[index]));
  const texts = figures.flatMap(({ layout: { xaxis } }) => xaxis?.ticktext ?? []);
  const moved = data.map((trace) => ({ ...trace, offsetgroup: undefined, x: trace.x.map((/** @type {number} */ at) => at + starts[trace.meta?.member ?? 0]) }));
  return { data: moved, layout: { ...layout, boxmode: 'overlay', xaxis: { ...layout.xaxis, tickvals: ticks, ticktext: texts } } };
}

/** Plotly reads names in templates as markup. @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('%{', '% {');

/** Return a lighter shade of a colour for what comes after the first. @param {string} color @param {number} place */
export function shade(color, place) {
  const [red, green, blue] = bands(color);
  const share = 0.55 * (1 - 0.7 ** place);
  return `rgb(${[red, green, blue].map((band) => Math.round(band + (255 - band) * share)).join(',')})`;
}

/** @param {string} color @param {number} opacity */
const through = (color, opacity) => `rgba(${bands(color).join(',')},${opacity})`;

/** Return the bands of `#rrggbb`, `rgb(…)` or `hsl(… …% …%)`. @param {string} color @returns {number[]} */
export function bands(color) {
  if (color.startsWith('#')) return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
  return color.startsWith('hsl') ? fromHue(numbers[0], numbers[1] / 100, numbers[2] / 100) : numbers.slice(0, 3);
}

/** CSS Color 4, section 7.1. @param {number} hue @param {number} saturation @param {number} lightness */
function fromHue(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((start) => {
    const at = (start + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  });
}
