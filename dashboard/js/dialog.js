/** A dialog over the page: Escape, a click beside it and its button close it. */
import { element, iconButton } from './html.js';

/**
 * Open a dialog and return it; `closed` is called when it is left.
 * @param {string} name its class @param {string} label @param {(Node | null)[]} children @param {() => void} closed
 */
export function openDialog(name, label, children, closed = () => {}) {
  const close = iconButton('x', 'Close', () => dialog.close(), { class: 'icon-button dialog-close' });
  const dialog = element('dialog', { class: name, 'aria-label': label }, ...children, close);
  dialog.addEventListener('close', () => {
    closed();
    dialog.remove();
  });
  dialog.addEventListener('click', (event) => event.target === dialog && beside(dialog, event) && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A click on the dialog's own padding is none beside it. @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function beside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
