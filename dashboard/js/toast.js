/** Short news at the foot of the page, with one thing that can be done about them. */
import { element, iconButton } from './html.js';

const STAYS = 10_000; // ms, if nobody is about to press its button

/**
 * Tell something; it goes by itself unless it is to stay. Returns how to take it away.
 * @param {string} text @param {{label: string, act: () => void, stays?: boolean}} offer
 */
export function toast(text, { label, act, stays = false }) {
  const close = () => {
    clearTimeout(timer);
    news.remove();
  };
  const button = element('button', { type: 'button', class: 'link', click: () => (close(), act()) }, label);
  const news = element('div', { class: 'toast' }, element('span', {}, text), button, ...(stays ? [] : [iconButton('x', 'Dismiss', close)]));
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (!stays) timer = window.setTimeout(() => (news.matches(':hover,:focus-within') ? wait() : close()), STAYS);
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
