/** Showing the same of another unit: the widget's tool is taken in hand, and where it is applied the widget goes. */
import { intercept, send } from '../events.js';
import { toast } from '../toast.js';

/** @type {(() => void) | null} gives up the widget that waits for its unit */
let giveUp = null;

/** Wait for the unit; only one widget does. @param {string} id the widget's @param {string} tool @param {string} title */
export function reapplyElsewhere(id, tool, title) {
  giveUp?.();
  const inHand = document.querySelector('.graph-view')?.getAttribute('data-tool');
  if (inHand !== tool) send({ type: 'tool', name: tool });
  const end = () => {
    giveUp = null;
    stop();
    close();
  };
  giveUp = end;
  const stop = intercept((event) => {
    if (event.type === 'apply' && (event.tool ?? tool) === tool) {
      end();
      return { type: 'reapply', id, uoa: event.uoa };
    }
    if (event.type === 'tool' || event.type === 'apply') end(); // it was put away, or another one was taken
    return event;
  });
  const cancel = () => send({ type: 'tool', name: 'select' });
  const close = toast(`Click the unit that ${title} is to show`, { label: 'Cancel', act: cancel, stays: true });
}
