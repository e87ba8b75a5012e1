/** What a term means is told beside it, by pointer and by keyboard. Terms carry `data-term`. */
import { element } from './html.js';

/** @type {Record<string, string> | null} */
let meanings = null;

const tip = element('div', { class: 'term-tip', id: 'term-tip', role: 'tooltip', hidden: true });

/** Begin to tell what terms mean; the list in the help is where the meanings come from. */
export function followTerms() {
  document.body.append(tip);
  document.addEventListener('pointerover', told);
  document.addEventListener('focusin', told);
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
}

/** @returns {Record<string, string>} */
function known() {
  meanings ??= Object.fromEntries(
    [...document.querySelectorAll('#glossary dt')].map((term) => [term.getAttribute('data-name') ?? '', term.nextElementSibling?.textContent ?? '']),
  );
  return meanings;
}

/** @param {Event} event */
function told({ target }) {
  const term = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('[data-term]')) : null;
  const meaning = term && known()[term.dataset.term ?? ''];
  if (!meaning) return hide();
  term.setAttribute('aria-describedby', 'term-tip');
  (term.closest('dialog') ?? document.body).append(tip);
  tip.textContent = meaning;
  tip.hidden = false;
  const { left, bottom, top } = term.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${bottom + 6 + tip.offsetHeight > innerHeight ? top - tip.offsetHeight - 6 : bottom + 6}px`;
}

function hide() {
  if (tip.hidden) return;
  tip.hidden = true;
  document.querySelector('[aria-describedby="term-tip"]')?.removeAttribute('aria-describedby');
}
