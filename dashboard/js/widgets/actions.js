/** What can be done with a card, beside what its head has buttons for. */
import { send } from '../bus.js';
import { openMenu } from '../menu.js';
import { exportEntries } from './export.js';
import { reapplyElsewhere } from './reapply.js';

/** @typedef {import('../menu.js').Entry} Entry */
/** @typedef {import('./card.js').Card} Card */

/** Open the menu of a card below its button. @param {Card} card @param {HTMLElement} button */
export const openActions = (card, button) => openBelow(button, [...looks(card), ...places(card, button), ...ends(card, button)]);

/** @param {HTMLElement} button @param {Entry[]} entries */
export function openBelow(button, entries) {
  const { left, bottom } = button.getBoundingClientRect();
  openMenu(left, bottom + 2, entries, button);
}

/** @param {Card} card @returns {Entry[]} */
function looks({ widget, id, seat }) {
  if (!widget) return [];
  const { pin, checkpoint, focus, tool, title } = widget;
  const pinning = pin === null ? checkpoint : null;
  return [
    ...(focus ? [{ title: 'Show its unit', icon: 'crosshair', choose: () => send(focus) }] : []),
    ...(checkpoint !== null || pin !== null
      ? [{ title: pin === null ? `Pin to checkpoint ${checkpoint}` : 'Follow the checkpoint bar again', icon: pin === null ? 'pin' : 'pinned', choose: () => send({ type: 'pin', id, checkpoint: pinning }) }]
      : []),
    { title: 'Duplicate', icon: 'copy', choose: () => send({ type: 'duplicate', id }) },
    ...(seat.kept ? [] : [{ title: 'Apply to another unit…', icon: 'click', choose: () => reapplyElsewhere(id, tool, title) }]),
  ];
}

/** @param {Card} card @param {HTMLElement} button @returns {Entry[]} */
function places({ id, group, panel }, button) {
  if (group) return [{ title: 'Take out of the group', icon: 'stack-pop', choose: () => send({ type: 'leave', id }) }];
  const others = panel.partners(id);
  const grouping = others.map(({ title, onto }) => ({ title, icon: 'stack-push', choose: () => send({ type: 'group', id, onto }) }));
  return [...(others.length ? [{ title: 'Group with…', icon: 'stack-push', choose: () => openBelow(button, grouping) }] : []), ...panel.steps(id)];
}

/** @param {Card} card @param {HTMLElement} button @returns {Entry[]} */
function ends(card, button) {
  const { subject } = card;
  return subject ? [{ title: 'Export…', icon: 'download', choose: () => openBelow(button, exportEntries(subject)) }] : [];
}
