/** A menu at a place of the page. */
import { element, icon } from './html.js';

/** @typedef {{title: string, icon: string, choose: () => void}} Entry */

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
  const menu = element('div', { class: 'menu', role: 'menu', keydown: (event) => moved(event, buttons, close, origin) }, ...buttons);
  (origin.closest('dialog') ?? document.body).append(menu); // nothing outside of an open dialog can be clicked
  menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 8)}px`;
  document.addEventListener('pointerdown', outside, true);
  buttons[0]?.focus();
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} buttons @param {() => void} close @param {HTMLElement | SVGElement} origin */
function moved(event, buttons, close, origin) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
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
