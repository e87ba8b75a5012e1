/** Building elements. */

/** Return `text` with what has a meaning in markup escaped. @param {unknown} text */
export const escape = (text) =>
  String(text).replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char]);

/** Return `text` cut to `length` characters. @param {string} text @param {number} length */
export const cut = (text, length) => (text.length > length ? `${text.slice(0, Math.max(1, length - 1))}…` : text);

/**
 * Return a new element. Attributes that are functions become listeners; null and false leave an attribute out.
 * @param {string} tag @param {Record<string, any>} attributes @param {...(Node | string | null)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null && value !== false && value !== undefined) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Return an icon. @param {string} name */
export const icon = (name) => element('i', { class: `icon icon-${name}`, 'aria-hidden': 'true' });

/** Return a button of one icon with an accessible name. */
export const iconButton = (name, label, click, attributes = {}) =>
  element('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label, click, ...attributes }, icon(name));
