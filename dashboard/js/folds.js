/** Parts of the sidebar fold, and stay folded: on a small screen there is room for what somebody looks at. */

const FOLDED = 'inspectree-folded';

/** @returns {string[]} the ids of the folded parts */
const remembered = () => JSON.parse(localStorage.getItem(FOLDED) ?? '[]');

/** Begin to fold what was folded before; headings are drawn anew with their parts. */
export function followFolds() {
  const sidebar = document.querySelector('.sidebar');
  if (!sidebar) return;
  for (const id of remembered()) document.getElementById(id)?.toggleAttribute('data-folded', true);
  new MutationObserver(() => tell(sidebar)).observe(sidebar, { childList: true, subtree: true });
  tell(sidebar);
}

/** Fold or unfold the part that a button heads, and remember it. @param {HTMLElement} button */
export function toggleFold(button) {
  const part = button.closest('section');
  if (!part) return;
  const folded = part.toggleAttribute('data-folded');
  const others = remembered().filter((id) => id !== part.id);
  localStorage.setItem(FOLDED, JSON.stringify(folded ? [...others, part.id] : others));
  tell(part);
}

/** Say of each part whether it is open. @param {Element} around */
function tell(around) {
  for (const button of around.querySelectorAll('.fold')) button.setAttribute('aria-expanded', String(!button.closest('[data-folded]')));
}
