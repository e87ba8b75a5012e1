/** The keyboard's focus stays where it was when Dash draws a region anew: it would fall back to the page otherwise. */

/** @type {{element: Element, action: string, place: number} | null} */
let last = null;

/** Begin to keep the focus. */
export function keepFocus() {
  document.addEventListener('focusin', ({ target }) => (last = target instanceof HTMLElement ? remembered(target) : null));
  document.addEventListener('pointerdown', ({ target }) => target instanceof Element && !target.closest('[data-action]') && (last = null));
  const app = document.querySelector('.app');
  if (app) new MutationObserver(restore).observe(app, { childList: true, subtree: true });
}

/** @param {HTMLElement} element what sends an event can be found again by it */
const remembered = (element) => (element.dataset.action ? { element, action: element.dataset.action, place: places(element.dataset.action).indexOf(element) } : null);

/** @param {string} action @returns {HTMLElement[]} */
const places = (action) => [...document.querySelectorAll(`[data-action="${CSS.escape(action)}"]`)].filter((each) => each instanceof HTMLElement);

function restore() {
  if (!last || last.element.isConnected || document.activeElement !== document.body) return;
  const { action, place } = last;
  const found = places(action);
  (found[place] ?? found[0])?.focus({ preventScroll: true });
}
