/** Short news at the foot of the page, with one thing that can be done about them, if any. */
import { element, iconButton } from './html.js';

const STAYS = 10_000; // ms, if nobody is about to press its button
const READ = 3_000; // ms, where there is nothing to press

/**
 * Tell something; it goes by itself unless it is to stay. Returns how to take it away.
 * @param {string} text @param {{label: string, act: () => void, stays?: boolean}} [offer]
 */
export function toast(text, offer) {
  const close = () => {
    clearTimeout(timer);
    news.remove();
  };
  const buttons = offer ? [element('button', { type: 'button', class: 'link', click: () => (close(), offer.act()) }, offer.label)] : [];
  if (!offer?.stays) buttons.push(iconButton('x', 'Dismiss', close));
  const news = element('div', { class: 'toast' }, element('span', {}, text), ...buttons);
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (offer?.stays) return;
    timer = window.setTimeout(() => (news.matches(':hover,:focus-within') ? wait() : close()), offer ? STAYS : READ);
  };
  wait();
  place().append(news);
  return close;
}

/** Return where news are told, on top of whatever dialog is open. */
function place() {
  const over = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  const known = document.querySelector('.toasts') ?? element('div', { class: 'toasts', role: 'status' });
  if (known.parentElement !== over) over.append(known);
  return known;
}
