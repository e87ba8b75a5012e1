/** How many weights L1 draws as edges. */
import { send } from '../bus.js';
import { element } from '../html.js';

const [LEAST, MOST, START] = [5, 200, 40];

/** Return the slider's label with the slider in it. */
export function edgeSlider() {
  const slider = element('input', { type: 'range', min: LEAST, max: MOST, step: 5, value: START, 'aria-label': 'Number of weights drawn' });
  const value = element('span', {}, String(START));
  slider.addEventListener('input', () => (value.textContent = slider.value));
  slider.addEventListener('change', () => send({ type: 'edges', value: Number(slider.value) }));
  return element('label', { class: 'edge-slider', hidden: true }, 'weights', slider, value);
}
