/** A field in place of a selection's name, until it is entered or left. */
import { send } from '../events.js';
import { element } from '../html.js';

/** @param {HTMLElement} button */
export function rename(button) {
  const row = /** @type {HTMLElement} */ (button.closest('[data-selection]'));
  const name = /** @type {HTMLElement} */ (row.querySelector('.name'));
  const before = row.dataset.selection ?? '';
  const field = element('input', { class: 'rename', value: before, 'aria-label': `New name of ${before}`, maxlength: 60 });
  let ended = false; // removing the field takes the focus away, which ends it, too
  /** @param {boolean} keep */
  const end = (keep) => {
    if (ended) return;
    ended = true;
    const to = field.value.trim();
    name.hidden = false;
    field.remove();
    if (keep && to && to !== before) send({ type: 'rename_selection', name: before, to });
    else button.focus();
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'Escape') end(event.key === 'Enter');
    event.stopPropagation();
  });
  field.addEventListener('blur', () => end(true));
  name.hidden = true;
  name.before(field);
  field.select();
}
