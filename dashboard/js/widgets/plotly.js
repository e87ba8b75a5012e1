/** Plotly, loaded when the first plot comes into sight. It comes with the Python package; no other host is asked. */
import { element } from '../html.js';

/** @type {Promise<PlotlyStatic> | null} */
let loading = null;

/** Return Plotly; where it could not be loaded, the next plot tries again. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = element('script', { src: '/static/plotly/plotly.min.js' });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error('plotly.js could not be loaded'));
    };
    document.head.append(script);
  });
  return loading;
}
