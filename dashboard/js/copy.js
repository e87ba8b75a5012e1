/** Copying text: by the clipboard where the browser allows it, which is on this machine and through https. */

const SHOWN = 1200; // ms in which a button tells that it is done

/** Copy text and have the button tell that it is done. @param {string} text @param {HTMLElement} button */
export async function copyText(text, button) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copySelected(text, button);
  button.classList.add('done');
  setTimeout(() => button.classList.remove('done'), SHOWN);
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
