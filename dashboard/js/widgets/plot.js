/** Plots: Plotly is loaded when the first one comes into sight, and follows the page's theme. */
import { hover, hoverSample } from '../bus.js';
import { element } from '../html.js';
import { cssVariable, onTheme, theme } from '../theme.js';

const SCALES = {
  counts: { light: [[0, '#f3f5fb'], [0.03, '#dbe4ff'], [0.3, '#91a7ff'], [1, '#364fc7']], dark: [[0, '#1b2030'], [0.03, '#263258'], [0.3, '#4460c4'], [1, '#91a7ff']] },
  activation: { light: [[0, 'rgb(37,99,199)'], [0.25, 'rgb(126,166,224)'], [0.5, 'rgb(226,228,233)'], [0.75, 'rgb(240,150,120)'], [1, 'rgb(214,48,49)']] },
};

let loading = null;

/** Return Plotly, loading it the first time. It comes with the Python package; no other host is asked. */
function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = element('script', { src: '/static/plotly/plotly.min.js' });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error('plotly.js could not be loaded'));
    document.head.append(script);
  });
  return loading;
}

export class Plot {
  /** @param {any} figure data and layout */
  constructor(figure) {
    this.figure = figure;
    this.root = element('div', { class: 'plot', style: `height:${figure.layout.height}px` });
    this.drawn = false;
    this.gone = false;
    this.observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.appear(), { rootMargin: '200px' });
    this.observer.observe(this.root);
    this.sizes = new ResizeObserver(() => this.drawn && !this.gone && this.root.clientWidth && window.Plotly.Plots.resize(this.root));
    this.stopTheme = onTheme(() => this.drawn && this.draw());
  }

  async appear() {
    this.observer.disconnect();
    await plotly();
    if (this.gone) return;
    await this.draw();
    this.drawn = true;
    this.sizes.observe(this.root);
    this.root.on('plotly_hover', ({ points }) => this.hovered(points[0]));
    this.root.on('plotly_unhover', () => (hover(''), hoverSample('')));
  }

  /** Show other data in the same place. */
  change(figure) {
    this.figure = figure;
    this.root.style.height = `${figure.layout.height}px`;
    if (this.drawn) this.draw();
  }

  draw() {
    const { data, layout } = this.figure;
    const height = this.root.closest('dialog') ? undefined : layout.height;
    return window.Plotly.react(this.root, data.map(themedTrace), { ...themedLayout(layout), height }, { displayModeBar: false, responsive: false });
  }

  hovered(point) {
    const { uoa } = point?.data.meta ?? {};
    if (uoa) hover(uoa);
  }

  /** Save the plot as a picture. @param {'png' | 'svg'} format @param {string} filename */
  save(format, filename) {
    return window.Plotly.downloadImage(this.root, { format, filename, scale: 2 });
  }

  destroy() {
    this.gone = true;
    this.observer.disconnect();
    this.sizes.disconnect();
    this.stopTheme();
    if (this.drawn) window.Plotly.purge(this.root);
  }
}

function themedTrace(trace) {
  const scale = SCALES[trace.meta?.scale];
  if (scale) return { ...trace, colorscale: scale[theme()] ?? scale.light };
  if (trace.meta?.ridge) return { ...trace, line: { ...trace.line, color: cssVariable('--card') } };
  return trace;
}

function themedLayout(layout) {
  const ink = cssVariable('--ink-2');
  const grid = cssVariable('--grid');
  const axis = (own = {}) => ({
    gridcolor: grid, zerolinecolor: grid, linecolor: grid, automargin: true, ticklen: 3, tickcolor: 'rgba(0,0,0,0)',
    ...own, tickfont: { size: 10, color: ink }, title: own.title ? { ...own.title, font: { size: 10.5, color: ink }, standoff: 4 } : undefined,
  });
  return {
    font: { family: 'Inter, sans-serif', size: 10.5, color: ink },
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', hovermode: 'closest', dragmode: false,
    hoverlabel: { font: { family: 'Inter, sans-serif', size: 11 } },
    ...layout,
    xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis), margin: { l: 36, r: 10, t: 8, b: 24, ...layout.margin }, autosize: true,
  };
}
