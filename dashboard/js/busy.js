/** A measure that was asked for shows that it is being computed, until its panel shows it. */

/** Begin to mark measures as busy. */
export function followMeasures() {
  document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('[data-measure]')?.setAttribute('aria-busy', 'true'));
  for (const id of ['interestingness', 'notice']) {
    const place = document.getElementById(id);
    if (place) new MutationObserver(done).observe(place, { childList: true, subtree: true, characterData: true, attributeFilter: ['aria-pressed'] });
  }
}

/** It is there, or the notice tells why it is not. */
function done() {
  for (const row of document.querySelectorAll('[data-measure][aria-busy]')) row.removeAttribute('aria-busy');
}
