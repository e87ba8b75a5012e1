/** The form of a widget's settings, made from their descriptions. */
import { send } from '../bus.js';
import { element } from '../html.js';

const TYPING = 500; // ms of quiet after which a text counts as entered

/** @param {string} id the widget's @param {any[]} settings */
export const form = (id, settings) =>
  element(
    'form',
    { class: 'settings', submit: (event) => event.preventDefault() },
    ...settings.map((setting) => {
      const set = (value) => send({ type: 'set', id, name: setting.name, value });
      return element('label', { class: `setting ${setting.kind}` }, element('span', {}, setting.title), FIELDS[setting.kind](setting, set));
    }),
  );

const FIELDS = {
  number: ({ value, least, most }, set) =>
    element('input', {
      type: 'number', value, min: least, max: most,
      change: ({ target }) => target.value !== '' && target.reportValidity() && set(Number(target.value)),
    }),
  switch: ({ value }, set) => element('input', { type: 'checkbox', checked: value, change: ({ target }) => set(target.checked) }),
  choice: ({ value, choices }, set) =>
    element(
      'select',
      { change: ({ target }) => set(target.value) },
      element('option', { value: '', selected: !value }, 'as fits'),
      ...choices.map((choice) => element('option', { value: choice, selected: choice === value }, choice)),
    ),
  text: ({ name, value }, set) => {
    let quiet = 0;
    const later = ({ target }) => {
      clearTimeout(quiet);
      quiet = setTimeout(() => set(target.value), TYPING);
    };
    if (name !== 'text') return element('input', { type: 'text', value, input: later });
    const area = element('textarea', { rows: 4, placeholder: 'Markdown: **bold**, *italic*, - lists, `code`', input: later });
    area.value = value;
    return area;
  },
};
