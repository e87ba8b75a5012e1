/** A small picture of the sample that is pointed at, where samples are images. */
import { element } from '../html.js';
import { parseSample } from './paths.js';

const AWAY = 16; // px between the pointer and the picture

/** @type {HTMLElement | null} */
let shown = null;

/**
 * Show a sample beside a point of the window.
 * @param {string} key `SPACE:NUMBER`, empty hides it @param {number} x @param {number} y
 */
export function preview(key, x = 0, y = 0) {
  const { space, sample } = parseSample(key);
  const model = key && models()[space];
  if (!model) return hide();
  if (shown?.dataset.of !== key) {
    hide();
    shown = element(
      'div',
      { class: 'preview', 'data-of': key, 'aria-hidden': 'true' },
      element('img', { src: `/api/samples/${encodeURIComponent(model)}/${sample}.png`, alt: '' }),
      element('span', {}, `sample ${sample}`),
    );
    document.body.append(shown);
  }
  const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (shown);
  const left = x + AWAY + offsetWidth > innerWidth ? x - AWAY - offsetWidth : x + AWAY;
  const top = Math.max(4, y - AWAY - offsetHeight);
  Object.assign(/** @type {HTMLElement} */ (shown).style, { left: `${left}px`, top: `${top}px` });
  return undefined;
}

function hide() {
  shown?.remove();
  shown = null;
}

/** Return a model to ask for the images of each space; the panel of samples knows which are images. @returns {Record<string, string>} */
function models() {
  const told = /** @type {HTMLElement | null} */ (document.querySelector('[data-previews]'));
  return told ? JSON.parse(told.dataset.previews ?? '{}') : {};
}
