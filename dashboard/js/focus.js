/** The keyboard's focus stays where it was when Dash draws a region anew: it would fall back to the page otherwise. */

/** @type {{element: HTMLElement, place: number} | null} */
let last = null;

/** Begin to keep the focus. */
export function keepFocus() {
  document.addEventListener('focusin', ({ target }) => (last = target instanceof HTMLElement ? remembered(target) : null));
  document.addEventListener('pointerdown', ({ target }) => target instanceof Element && !target.closest('[data-action]') && (last = null));
  const app = document.querySelector('.app');
  if (app) new MutationObserver(restore).observe(app, { childList: true, subtree: true });
}

/** @param {HTMLElement} element what sends an event can be found again by it */
const remembered = (element) => (element.dataset.action ? { element, place: alike(element).indexOf(element) } : null);

/** Return what sends the same event and is of the same kind. @param {HTMLElement} element */
const alike = ({ dataset, className }) =>
  [...document.querySelectorAll(`[data-action="${CSS.escape(dataset.action ?? '')}"]`)].filter((each) => each instanceof HTMLElement).filter((each) => each.className === className);

function restore() {
  if (!last || last.element.isConnected || document.activeElement !== document.body) return;
  const { element, place } = last;
  const found = alike(element);
  (found[place] ?? found[0])?.focus({ preventScroll: true });
}
