/** The note beside the pointer. */
import { element } from '../html.js';

export class Tip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.element = element('div', { class: 'tip', 'aria-hidden': 'true' });
    root.append(this.element);
  }

  hide() {
    this.element.style.opacity = '0';
  }

  /** @param {string} text @param {number} clientX @param {number} clientY */
  show(text, clientX, clientY) {
    const { root, element: tip } = this;
    tip.textContent = text;
    const { left, top } = root.getBoundingClientRect();
    const x = Math.max(8, Math.min(clientX - left + 14, root.clientWidth - tip.offsetWidth - 8));
    const below = clientY - top + 16;
    const y = below + tip.offsetHeight > root.clientHeight ? below - tip.offsetHeight - 30 : below;
    Object.assign(tip.style, { opacity: '1', transform: `translate(${x}px,${Math.max(4, y)}px)` });
  }
}
