/** Figures in the page's own looks: typeface, ink, grid and colour scales, for every axis there is. */
import { scaleOf } from './scales.js';

/** @typedef {import('./plot.js').Trace} Trace */
/** @typedef {{theme: 'light' | 'dark', ink: string, strong: string, grid: string, card: string}} Palette */

const FONT = 'Inter, sans-serif';
const SIZE = 10.5;
const AXIS = /^[xy]axis\d*$/;
const COLORBAR = { thickness: 8, outlinewidth: 0, tickfont: { size: 10 } };

/** Return a trace with the colours of the page. @param {Trace} trace @param {Palette} palette @returns {Trace} */
export function themedTrace(trace, { theme, card }) {
  const scale = scaleOf(trace.meta?.scale, theme);
  if (scale && Array.isArray(trace.marker?.color)) {
    return { ...trace, marker: { ...trace.marker, colorscale: scale, colorbar: { ...COLORBAR, ...trace.marker.colorbar } } };
  }
  if (scale) return { ...trace, colorscale: scale, colorbar: { ...COLORBAR, ...trace.colorbar } };
  if (trace.meta?.ridge) return { ...trace, line: { ...trace.line, color: card } };
  return trace;
}

/**
 * Return a layout with the page's typeface, and its ink and grid on every axis.
 * @param {Record<string, any>} layout @param {Palette} palette @returns {Record<string, any>}
 */
export function themedLayout(layout, palette) {
  const axes = Object.keys(layout).filter((name) => AXIS.test(name));
  const { ink, strong, card, grid } = palette;
  return {
    font: { family: FONT, size: SIZE, color: ink },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: card, // Plotly lays a hovered trace's name over it: on nothing at all it takes white
    hovermode: 'closest',
    dragmode: false,
    hoverlabel: { bgcolor: card, bordercolor: grid, font: { family: FONT, size: 11, color: strong } },
    ...layout,
    ...Object.fromEntries([...new Set(['xaxis', 'yaxis', ...axes])].map((name) => [name, axis(layout[name] ?? {}, palette)])),
    margin: { l: 36, r: 10, t: 8, b: 24, ...layout.margin },
    autosize: true,
  };
}

/** @param {Record<string, any>} own @param {Palette} palette */
const axis = (own, { ink, grid }) => ({
  gridcolor: grid,
  zerolinecolor: grid,
  linecolor: grid,
  automargin: true,
  ticklen: 3,
  tickcolor: 'rgba(0,0,0,0)',
  ...own,
  tickfont: { size: 10, color: ink },
  title: own.title ? { ...own.title, font: { size: SIZE, color: ink }, standoff: 4 } : undefined,
});
