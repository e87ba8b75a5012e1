/** One widget: what it is of, what can be done with it, and what it shows. */
import { send } from '../bus.js';
import { element, icon, iconButton } from '../html.js';
import { openMenu } from '../menu.js';
import { Content } from './content.js';
import { form } from './form.js';
import { Plot } from './plot.js';
import { Waiting } from './waiting.js';

export class Card {
  /** @param {string} id @param {import('./wire.js').Wire} wire */
  constructor(id, wire) {
    this.id = id;
    this.wire = wire;
    /** @type {any} */
    this.widget = null;
    this.text = '';
    /** @type {import('./panel.js').Slot | null} what is wanted now */
    this.slot = null;
    /** @type {import('./panel.js').Slot | null} what was asked for last */
    this.asked = null;
    this.head = element('header', {});
    this.form = element('div', { class: 'form', hidden: true });
    this.waiting = new Waiting(() => this.cancel(), () => this.ask());
    this.content = new Content();
    this.root = element('section', { class: 'card loading', tabindex: 0, 'data-id': id }, this.head, this.form, this.waiting.root, this.content.root);
    this.content.root.append(element('div', { class: 'skeleton', 'aria-label': 'loading' }));
  }

  /**
   * Ask for the content where it is not what is shown. A question takes the place of the one before; new data
   * wait until what is under way is there: a training that goes on must not keep a slow widget from ever being drawn.
   * @param {import('./panel.js').Slot} slot
   */
  want(slot) {
    this.slot = slot;
    if (slot.question !== this.asked?.question || (slot.data !== this.asked.data && !this.waiting.on)) this.ask();
  }

  ask() {
    const asked = this.slot;
    if (!asked) return;
    this.asked = asked;
    this.waiting.begin();
    this.root.setAttribute('aria-busy', 'true');
    this.wire.ask(this.id, {
      question: asked.question,
      progress: (progress) => this.waiting.tell(progress),
      card: (card) => this.answered(card),
      failed: (why) => this.failed(why),
    });
  }

  /** @param {any} card */
  answered(card) {
    this.settle();
    this.update(card);
    if (this.slot?.data !== this.asked?.data) this.ask();
  }

  /** @param {string} why */
  failed(why) {
    this.settle();
    this.waiting.offer(why);
  }

  cancel() {
    this.wire.cancel(this.id);
    this.settle();
    this.waiting.offer('Given up before it was drawn.');
  }

  settle() {
    this.waiting.end();
    this.root.removeAttribute('aria-busy');
    this.root.classList.remove('loading');
    this.content.root.querySelector('.skeleton')?.remove();
  }

  /** @param {any} widget */
  update(widget) {
    const text = JSON.stringify(widget);
    if (text === this.text) return;
    const first = !this.widget;
    this.text = text;
    this.widget = widget;
    const { root } = this;
    root.dataset.widget = widget.tool;
    root.dataset.uoa = widget.uoa;
    root.setAttribute('aria-label', `${widget.title}: ${widget.where}`);
    this.drawHead();
    this.drawForm(first);
    this.content.update(widget.content);
  }

  drawHead() {
    const { title, icon: name, where, color, unaffected, focus, settings } = this.widget;
    const actions = [
      settings.length ? iconButton('adjustments', 'Adjust', () => this.toggleForm(), { 'aria-expanded': String(!this.form.hidden) }) : null,
      focus ? iconButton('crosshair', 'Show its unit', () => send(focus)) : null,
      this.widget.content.figure ? iconButton('arrows-maximize', 'Enlarge', () => this.enlarge()) : null,
      iconButton('download', 'Save', (event) => this.save(event.currentTarget)),
      iconButton('x', 'Close', () => send({ type: 'remove', id: this.id })),
    ];
    this.head.replaceChildren(
      element('span', { class: 'card-icon' }, icon(name)),
      element(
        'div',
        { class: 'card-title' },
        element('b', { title }, title),
        element('span', { class: 'where', title: where }, element('i', { class: 'dot', style: `background:${color}` }), element('span', {}, where)),
      ),
      ...(unaffected ? [element('span', { class: 'unaffected', title: 'Does not follow the class selector' }, '≠', element('span', {}, ' class'))] : []),
      element('div', { class: 'card-actions' }, ...actions),
    );
  }

  /** Draw the form anew, unless someone is typing in it. */
  drawForm(first) {
    if (this.form.contains(document.activeElement)) return;
    this.form.replaceChildren(form(this.id, this.widget.settings));
    if (first && this.widget.content.editor === '') this.form.hidden = false;
  }

  toggleForm() {
    this.form.hidden = !this.form.hidden;
    this.drawHead();
    if (!this.form.hidden) this.form.querySelector('input,select,textarea')?.focus();
  }

  enlarge() {
    const { title, where, content } = this.widget;
    const plot = new Plot({ ...content.figure, layout: { ...content.figure.layout, height: innerHeight * 0.7 } });
    const close = iconButton('x', 'Close', () => dialog.close());
    const dialog = element('dialog', { class: 'enlarged', 'aria-label': `${title}: ${where}` }, element('header', {}, element('b', {}, title), element('span', {}, where), close), plot.root);
    dialog.addEventListener('close', () => (plot.destroy(), dialog.remove(), this.root.focus()));
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  }

  save(button) {
    const { title, where, content } = this.widget;
    const filename = `${title} ${where}`.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
    const { left, bottom } = button.getBoundingClientRect();
    const data = { title: 'Data (JSON)', icon: 'database', choose: () => download(`${filename}.json`, JSON.stringify(content, null, 1)) };
    const pictures = ['png', 'svg'].map((format) => ({
      title: `Picture (${format.toUpperCase()})`, icon: 'photo', choose: () => this.content.plot.save(format, filename),
    }));
    openMenu(left, bottom, content.figure ? [...pictures, data] : [data], button);
  }

  destroy() {
    this.wire.cancel(this.id);
    this.waiting.end();
    this.content.destroy();
    this.root.remove();
  }
}

function download(filename, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  element('a', { href: url, download: filename }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
