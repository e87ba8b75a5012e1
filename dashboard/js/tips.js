/** The one tooltip: what a term means (`data-term`), what a tool is for (`data-purpose`), by pointer and by keyboard. */
import { element } from './html.js';

const WAIT = 250; // ms: whoever moves across the toolbox does not want to read all of it
const GAP = 6; // px between a tooltip and what it tells of
const EDGE = 8; // px to the window's edge

/** @type {Record<string, string> | null} */
let meanings = null;
/** @type {Element | null} */
let told = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

const tip = element('div', { class: 'tooltip', id: 'tooltip', role: 'tooltip', hidden: true });

/** Begin to tell what is pointed at or reached by Tab. */
export function followTips() {
  document.body.append(tip);
  document.addEventListener('pointerover', ({ target }) => meet(target, WAIT));
  document.addEventListener('focusin', ({ target }) => meet(target, 0));
  document.addEventListener('pointerdown', hide);
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
}

/** @param {EventTarget | null} target @param {number} wait in ms, for what is not a term */
function meet(target, wait) {
  const found = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('[data-term],[data-purpose]')) : null;
  if (found && found === told) return;
  const open = !tip.hidden;
  hide();
  if (!found) return;
  told = found;
  if (wait && found.dataset.purpose && !open) waiting = setTimeout(() => show(found), wait);
  else show(found);
}

/** @param {HTMLElement} about */
function show(about) {
  const said = about.dataset.purpose ? [element('strong', {}, about.getAttribute('aria-label')), about.dataset.purpose] : [meaning(about.dataset.term ?? '')];
  if (!about.isConnected || !said[0]) return;
  tip.replaceChildren(...said);
  about.setAttribute('aria-describedby', tip.id);
  (about.closest('dialog') ?? document.body).append(tip);
  tip.hidden = false;
  const { x, y } = about.dataset.purpose ? beside(about.getBoundingClientRect(), tip) : below(about.getBoundingClientRect(), tip);
  Object.assign(tip.style, { left: `${x}px`, top: `${y}px` });
}

function hide() {
  clearTimeout(waiting);
  told?.removeAttribute('aria-describedby');
  told = null;
  tip.hidden = true;
}

/** The list in the help is where the meanings come from. @param {string} term */
function meaning(term) {
  meanings ??= Object.fromEntries(
    [...document.querySelectorAll('#glossary dt')].map((each) => [each.getAttribute('data-name') ?? '', each.nextElementSibling?.textContent ?? '']),
  );
  return meanings[term] ?? '';
}

/** @param {number} at @param {number} size @param {number} room */
const within = (at, size, room) => Math.max(EDGE, Math.min(at, room - size - EDGE));

/** @param {DOMRect} about @param {HTMLElement} box */
const beside = ({ right, top, height }, { offsetHeight }) => ({ x: right + GAP, y: within(top + height / 2 - offsetHeight / 2, offsetHeight, innerHeight) });

/** @param {DOMRect} about @param {HTMLElement} box */
const below = ({ left, top, bottom }, { offsetWidth, offsetHeight }) => ({
  x: within(left, offsetWidth, innerWidth),
  y: bottom + GAP + offsetHeight > innerHeight ? top - offsetHeight - GAP : bottom + GAP,
});
