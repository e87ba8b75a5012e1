/** A measure that was asked for shows that it is being computed, until its panel is drawn anew. */

/** Begin to mark measures as busy. */
export function followMeasures() {
  document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('[data-measure]')?.setAttribute('aria-busy', 'true'));
  const notice = document.getElementById('notice');
  if (notice) new MutationObserver(done).observe(notice, { childList: true, subtree: true, characterData: true });
}

/** What could not be computed is told in the notice. */
function done() {
  for (const row of document.querySelectorAll('[data-measure][aria-busy]')) row.removeAttribute('aria-busy');
}
