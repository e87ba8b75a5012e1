/** The colour scales of plots: figures name one in `meta.scale`, light and dark pages have their own. */

/** @typedef {[number, string][]} Scale */
/** @typedef {{light: Scale, dark: Scale}} Themed */

/** From few to many: the lowest vanishes into the page. @type {Themed} */
const counts = {
  light: [[0, '#f3f5fb'], [0.03, '#dbe4ff'], [0.3, '#91a7ff'], [1, '#364fc7']],
  dark: [[0, '#1b2030'], [0.03, '#263258'], [0.3, '#4460c4'], [1, '#91a7ff']],
};

/** From low, blue, to high, red. @type {Themed} */
const activation = {
  light: [[0, '#2563c7'], [0.25, '#7ea6e0'], [0.5, '#e2e4e9'], [0.75, '#f09678'], [1, '#d63031']],
  dark: [[0, '#4d8df0'], [0.25, '#3b64a3'], [0.5, '#343a46'], [0.75, '#a3513d'], [1, '#f0605c']],
};

/** Below zero blue, above it red: the figure puts 0 in the middle. @type {Themed} */
const signed = {
  light: [[0, '#2563c7'], [0.25, '#96b8e8'], [0.5, '#f5f6f8'], [0.75, '#f4a48c'], [1, '#d63031']],
  dark: [[0, '#4d8df0'], [0.25, '#35588f'], [0.5, '#1e232d'], [0.75, '#8f4838'], [1, '#f0605c']],
};

/** From dark over teal to bright, where every value must be told from its neighbours. @type {Themed} */
const values = {
  light: [[0, '#312a6b'], [0.25, '#31688e'], [0.5, '#21a187'], [0.75, '#8fd744'], [1, '#f6e61f']],
  dark: [[0, '#4a3f9f'], [0.25, '#31688e'], [0.5, '#21a187'], [0.75, '#8fd744'], [1, '#f6e61f']],
};

/** @type {Record<string, Themed>} */
export const SCALES = { counts, activation, signed, values };

/** Return the scale of a name in a theme; undefined for none or an unknown one. @param {string | undefined} name @param {'light' | 'dark'} theme */
export const scaleOf = (name, theme) => SCALES[name ?? '']?.[theme];
