/** What a widget offers to do on the page: buttons that send an event. */
import { element, icon } from '../html.js';

/** @typedef {{title: string, icon: string, event: import('../events.js').Event}} Action */

/** The page itself sends what a button's `data-action` says. @param {Action[]} entries */
export const offered = (entries) =>
  element('div', { class: 'actions' }, ...entries.map(({ title, icon: name, event }) => element('button', { type: 'button', class: 'small-button', 'data-action': JSON.stringify(event) }, icon(name), title)));
