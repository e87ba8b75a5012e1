/** Building elements. */

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that is markup already. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/**
 * Make markup of a template: everything put into it is escaped, unless it is markup itself.
 * Names come from files that people share, so there is no other way to write markup on this page.
 * @param {TemplateStringsArray} strings @param {...unknown} values @returns {Markup}
 */
export const markup = (strings, ...values) => new Markup(strings.map((text, index) => (index ? inside(values[index - 1]) : '') + text).join(''));

/** @param {unknown} value @returns {string} */
function inside(value) {
  if (Array.isArray(value)) return value.map(inside).join('');
  return value instanceof Markup ? value.text : String(value).replace(/[&<>"']/g, (char) => ENTITIES[char]);
}

/** Take constant text of our own for markup. @param {string} text */
export const constant = (text) => new Markup(text);

/** Return `text` cut to `length` characters. @param {string} text @param {number} length */
export const cut = (text, length) => (text.length > length ? `${text.slice(0, Math.max(1, length - 1))}…` : text);

/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Attributes */

/**
 * Return a new element. Attributes that are functions become listeners; null and false leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Attributes} attributes @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null && value !== false && value !== undefined) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child !== null)));
  return node;
}

/** Return an icon. @param {string} name */
export const icon = (name) => element('i', { class: `icon icon-${name}`, 'aria-hidden': 'true' });

/**
 * Return a button of one icon with an accessible name.
 * @param {string} name @param {string} label @param {(event: PointerEvent) => unknown} click @param {Attributes} attributes
 */
export const iconButton = (name, label, click, attributes = {}) =>
  element('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label, click, ...attributes }, icon(name));

/**
 * Return the nearest element around an event's target that a selector fits, the target itself included.
 * @param {Event} event @param {string} selector @returns {HTMLElement | null}
 */
export const around = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

/**
 * Give an element other children; the button that has the focus is found again by what it is called.
 * @param {HTMLElement} parent @param {(button: Element) => string | null} called @param {(Node | string)[]} children
 */
export function refill(parent, called, ...children) {
  const { activeElement } = document;
  const held = activeElement && parent.contains(activeElement) ? called(activeElement) : null;
  parent.replaceChildren(...children);
  if (held) [...parent.querySelectorAll('button')].find((button) => called(button) === held)?.focus();
}

/** @param {Element} button */
export const byLabel = (button) => button.getAttribute('aria-label');
