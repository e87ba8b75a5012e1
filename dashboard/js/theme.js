/** Light and dark: the page's own style sheet, Mantine and the plots follow one attribute. */
import { setProperty } from './events.js';

/** @type {Set<() => void>} */
const listeners = new Set();

/** Return the theme in force. @returns {'light' | 'dark'} */
export const theme = () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

/** Call `listener` after every change; returns how to stop. @param {() => void} listener */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Switch to the other theme and remember it. */
export function toggleTheme() {
  const other = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = other;
  localStorage.setItem('inspectree-theme', other);
  apply();
}

/** Tell Mantine and the plots which theme is in force. */
export function apply() {
  setProperty('mantine', 'forceColorScheme', theme());
  for (const listener of listeners) listener();
}

/** Return the value of one of the style sheet's variables. @param {string} name */
export const cssVariable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Return the colours that plots are drawn with. @returns {import('./widgets/themed.js').Palette} */
export const palette = () => ({
  theme: theme(),
  ink: cssVariable('--ink-2'),
  strong: cssVariable('--ink'),
  grid: cssVariable('--grid'),
  card: cssVariable('--card'),
});
