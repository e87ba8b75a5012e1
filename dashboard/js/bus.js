/**
 * The one bus: everything that parts of the page tell each other, each kind in a file of its own.
 *
 * - events to the server, which changes the view: `send`; the tool in hand, at once: `hand` (`events.js`)
 * - the hovered unit: `hover(uoa)`, and who draws without elements follows with `onHover` (`linking/units.js`);
 *   elements say by `data-uoa` what they are, by `data-uoas` what they name among others
 * - the hovered sample: `hoverSample(key)`, of a cell that stands for many `hoverSamples`, `onSample`; elements say by `data-sample="SPACE:NUMBER"` what they are
 * - the samples that are selected: `selectSamples`, `toggleSample` tell the server; what it makes of them comes
 *   back through `lit`, and `onLit` follows (`linking/samples.js`)
 */
export { acknowledge, answered, hand, retry, send, setProperty } from './events.js';
export { follow } from './linking/follow.js';
export { ancestors, parseSample, sampleKey } from './linking/paths.js';
export { hoverSample, hoverSamples, lit, litNow, markIn, onLit, onSample, selectSamples, toggleSample } from './linking/samples.js';
export { hover, onHover } from './linking/units.js';
/** @typedef {import('./events.js').Event} Event */
