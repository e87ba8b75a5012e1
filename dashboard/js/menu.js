/** A menu at a place of the page. */
import { element, icon } from './html.js';

/** @typedef {{title: string, icon: string, choose: () => void, family?: string}} Entry those of a family stand together, below its name */

/**
 * Show a menu and close it after a choice, Escape, or a click elsewhere.
 * @param {number} x @param {number} y @param {Entry[]} entries @param {HTMLElement | SVGElement} origin gets the focus back
 */
export function openMenu(x, y, entries, origin) {
  document.querySelector('.menu')?.remove();
  const close = () => {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
  };
  const outside = (/** @type {Event} */ event) => menu.contains(/** @type {Node} */ (event.target)) || close();
  const buttons = entries.map((entry) =>
    element('button', { type: 'button', role: 'menuitem', click: () => (close(), origin.focus(), entry.choose()) }, icon(entry.icon), entry.title),
  );
  /** @type {HTMLElement} */
  const menu = element('div', { class: 'menu', role: 'menu', keydown: (event) => moved(event, menu, close, origin) }, ...families(entries, buttons));
  (origin.closest('dialog') ?? document.body).append(menu); // nothing outside of an open dialog can be clicked
  menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 8)}px`;
  document.addEventListener('pointerdown', outside, true);
  buttons[0]?.focus();
}

/** Return the buttons, those of a family in a group with its name. @param {Entry[]} entries @param {HTMLElement[]} buttons */
function families(entries, buttons) {
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  return buttons.flatMap((button, place) => {
    const { family } = entries[place];
    const group = family && groups.get(family);
    if (!family) return [button];
    if (group) return group.append(button), [];
    const begun = element('div', { role: 'group', 'aria-label': family }, element('span', { class: 'menu-family', 'aria-hidden': 'true' }, family), button);
    groups.set(family, begun);
    return [begun];
  });
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {() => void} close @param {HTMLElement | SVGElement} origin */
function moved(event, menu, close, origin) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const buttons = [...menu.querySelectorAll('button')];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = (at + step + buttons.length) % buttons.length;
    buttons[next].focus();
    event.preventDefault();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    close();
    origin.focus();
    event.preventDefault();
  }
  event.stopPropagation();
}
