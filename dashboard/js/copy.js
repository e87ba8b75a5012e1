/** Copying text: by the clipboard where the browser allows it, which is on this machine and through https. */

import { toast } from './toast.js';

/** Copy text, and say so. @param {string} text @param {HTMLElement} button @param {string} what what people call it */
export async function copyText(text, button, what) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copySelected(text, button);
  toast(`Copied: ${what}`);
}

/** Without https no page may write to the clipboard, but people may copy what is selected. @param {string} text @param {HTMLElement} button */
function copySelected(text, button) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  (button.parentElement ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  button.focus();
}
