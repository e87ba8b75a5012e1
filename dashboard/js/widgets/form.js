/** The form of the settings of a widget, or of several alike, made from their descriptions. */
import { send } from '../bus.js';
import { element } from '../html.js';

/**
 * @typedef {{name: string, title: string, kind: 'number' | 'switch' | 'choice' | 'text', value: any, choices: string[],
 *   optional: boolean, least: number | null, most: number | null, help: string}} Setting an `optional` one may be left to the tool
 * @typedef {(value: unknown) => void} Set
 */

const TYPING = 500; // ms of quiet after which a text counts as entered

/** @param {string[]} ids the widgets' @param {Setting[]} settings */
export const form = (ids, settings) =>
  element(
    'form',
    { class: 'settings', submit: (event) => event.preventDefault() },
    ...settings.map((setting) => {
      const set = (/** @type {unknown} */ value) => ids.forEach((id) => send({ type: 'set', id, name: setting.name, value }));
      return element('label', { class: `setting ${setting.kind}`, title: setting.help || null }, element('span', {}, setting.title), FIELDS[setting.kind](setting, set));
    }),
  );

/** @type {Record<Setting['kind'], (setting: Setting, set: Set) => HTMLElement>} */
const FIELDS = {
  number: ({ value, least, most, optional }, set) =>
    element('input', {
      type: 'number', value, min: least, max: most, placeholder: optional ? 'as fits' : null,
      change: ({ target }) => {
        const number = numberOf(target.value) ?? (optional ? '' : null);
        if (target.reportValidity() && number !== null) set(number);
      },
    }),
  switch: ({ value }, set) => element('input', { type: 'checkbox', checked: value, change: ({ target }) => set(target.checked) }),
  choice: (setting, set) =>
    element(
      'select',
      { change: ({ target }) => set(target.value) },
      ...choicesOf(setting).map(([value, title]) => element('option', { value, selected: value === setting.value }, title)),
    ),
  text: ({ name, value }, set) => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let quiet;
    const later = (/** @type {any} */ { target }) => {
      clearTimeout(quiet);
      quiet = setTimeout(() => set(target.value), TYPING);
    };
    if (name !== 'text') return element('input', { type: 'text', value, input: later });
    const area = element('textarea', { rows: 4, placeholder: 'Markdown: **bold**, *italic*, - lists, `code`', input: later });
    area.value = value;
    return area;
  },
};

/** Put the focus on the first field. @param {HTMLElement} root */
export const enter = (root) => /** @type {HTMLElement | null} */ (root.querySelector('input,select,textarea'))?.focus();

/**
 * Return the settings that all widgets have and that offer the same in each, with the first one's values.
 * @param {Setting[][]} widgets the settings of each @returns {Setting[]}
 */
export function sharedSettings([first, ...others]) {
  const offer = (/** @type {Setting} */ { name, kind, choices }) => JSON.stringify([name, kind, choices]);
  return first.filter((setting) => others.every((settings) => settings.some((other) => offer(other) === offer(setting))));
}

/** Return what a field of numbers says, null for nothing and for what is no number. @param {string} text @returns {number | null} */
export const numberOf = (text) => (text.trim() === '' || !Number.isFinite(Number(text)) ? null : Number(text));

/**
 * Return what can be chosen: values and titles. A value that is offered no more stays to be seen.
 * @param {Pick<Setting, 'value' | 'choices' | 'optional'>} setting @returns {[string, string][]}
 */
export function choicesOf({ value, choices, optional }) {
  /** @type {[string, string][]} */
  const found = choices.map((choice) => [choice, choice]);
  if (optional) found.unshift(['', 'as fits']);
  if (value && !choices.includes(value)) found.push([value, `${value} (not here)`]);
  return found;
}
