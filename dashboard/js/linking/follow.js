/** The pointer and the keyboard's focus light what they are on; a click or Space on a sample selects it. */
import { around } from '../html.js';
import { preview } from './preview.js';
import { hoverSample, toggleSample } from './samples.js';
import { hover } from './units.js';

/** @param {Event} event */
function entered(event) {
  const sample = around(event, '[data-sample]');
  hover(around(event, '[data-uoa]')?.dataset.uoa ?? '');
  hoverSample(sample?.dataset.sample ?? '');
  if (!sample?.matches('tr') || !(event instanceof PointerEvent)) preview('');
  else preview(sample.dataset.sample ?? '', event.clientX, event.clientY);
}

/** @param {MouseEvent} event */
function clicked(event) {
  const sample = around(event, '[data-sample]');
  if (!sample || around(event, 'a,button,input,label') || !getSelection()?.isCollapsed) return;
  toggleSample(sample.dataset.sample ?? '');
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key !== ' ' || !(event.target instanceof HTMLElement) || !event.target.dataset.sample) return;
  event.preventDefault();
  toggleSample(event.target.dataset.sample);
}

/** Begin to follow the pointer and the keyboard. */
export function follow() {
  document.addEventListener('pointerover', entered);
  document.addEventListener('focusin', entered);
  document.addEventListener('click', clicked);
  document.addEventListener('keydown', pressed);
  document.documentElement.addEventListener('pointerleave', () => (hover(''), hoverSample(''), preview('')));
}
