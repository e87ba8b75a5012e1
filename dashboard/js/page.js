/** What the page does as a whole: clicks become events, the address is kept, the theme and the server are followed. */
import { acknowledge, follow, hand, send } from './bus.js';
import { followMeasures } from './busy.js';
import { copyText } from './copy.js';
import { followFolds, toggleFold } from './folds.js';
import { around } from './html.js';
import { rename } from './linking/rename.js';
import { followServer, settled } from './live.js';
import { apply as applyTheme, toggleTheme } from './theme.js';
import { followTips } from './tips.js';
import { followToolbox, toggleNames } from './toolbox.js';
import { offerTour, startTour } from './tour.js';

/** @type {Record<string, (element: HTMLElement) => unknown>} */
const LOCAL = { theme: toggleTheme, link: (button) => copyText(location.href, button, 'the link to this view'), help: () => openHelp(), names: toggleNames, tour: beginTour, fold: toggleFold, rename };

/**
 * Elements say by `data-action` which event they send, by `data-local` what the page itself does. An option of the
 * search box says it by its value, which is not taken from Dash: data that come in between turn that into nothing.
 * @param {Event} event
 */
function clicked(event) {
  const element = around(event, '[data-action],[data-local]');
  const action = element?.dataset.action ?? around(event, '.mantine-Select-option')?.getAttribute('value');
  if (element?.dataset.local) LOCAL[element.dataset.local](element);
  else if (action) send(JSON.parse(action));
}

const help = () => /** @type {HTMLDialogElement} */ (document.getElementById('help'));

const openHelp = () => help().showModal();

function beginTour() {
  help().close();
  startTour();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const typing = around(event, 'input,textarea,select,dialog');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    document.getElementById('search')?.focus();
  } else if (event.key === '?') {
    openHelp();
  } else if (event.key === 'Escape' && !event.defaultPrevented) {
    send(hand.tool ? { type: 'tool', name: 'select' } : { type: 'ascend' });
  }
}

/** Keep the view in the address; called after every change of it. @param {string} address */
function keep(address) {
  if (address !== location.hash.slice(1)) history.replaceState(null, '', address ? `#${address}` : location.pathname);
  acknowledge();
}

const restore = () => send({ type: 'restore', address: location.hash.slice(1) });

/** Dash builds the page some time after this script runs; nothing can be told to it before. @param {() => void} begin */
function whenBuilt(begin) {
  if (document.getElementById('graph')) begin();
  else requestAnimationFrame(() => whenBuilt(begin));
}

whenBuilt(() => {
  Object.assign(window.inspectree, { keep, send, settled });
  document.addEventListener('click', clicked);
  document.addEventListener('keydown', pressed);
  window.addEventListener('hashchange', restore);
  applyTheme();
  follow();
  followToolbox();
  followMeasures();
  followTips();
  followFolds();
  offerTour();
  restore();
  followServer();
});
