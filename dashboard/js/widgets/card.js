/** One widget: what it is of, what can be done with it, and what it shows. */
import { send } from '../bus.js';
import { openDialog } from '../dialog.js';
import { byLabel, element, icon, iconButton, refill } from '../html.js';
import { openActions } from './actions.js';
import { Content } from './content.js';
import { enter, form } from './form.js';
import { filled } from './lines.js';
import { Seat } from './seat.js';
import { Waiting } from './waiting.js';

/** @typedef {import('./content.js').WidgetContent} Shown */
/** @typedef {NonNullable<Shown['table']>} Table */
/**
 * @typedef {{tool: string, uoa: string, title: string, icon: string, where: string, color: string, unaffected: boolean,
 *   focus: import('../events.js').Event | null, settings: any[], pin: number | null, checkpoint: number | null,
 *   queries: import('./queries.js').Query[], content: Shown}} Widget as the server has drawn it
 * @typedef {Widget & {server: string, store: string}} Subject what is exported: a widget as it is shown
 */

export class Card {
  /** @param {string} id @param {import('./panel.js').WidgetPanel} panel */
  constructor(id, panel) {
    this.id = id;
    this.panel = panel;
    /** @type {Widget | null} as it was drawn last */
    this.widget = null;
    /** @type {Shown | null} what is shown instead of its own content, in a group on a common scale */
    this.dressed = null;
    /** @type {Shown | null} */
    this.shown = null;
    this.text = '';
    /** @type {import('./panel.js').Slot | null} what is wanted now */
    this.slot = null;
    /** @type {import('./panel.js').Slot | null} what was asked for last */
    this.asked = null;
    /** @type {import('./group.js').GroupCard | null} */
    this.group = null;
    this.near = false;
    /** @type {(() => void)[]} */
    this.expecting = [];
    /** @type {(() => void) | null} */
    this.closeLarge = null;
    this.head = element('header', { draggable: 'true' });
    this.form = element('div', { class: 'form', hidden: true });
    this.waiting = new Waiting(() => this.cancel(), () => this.ask());
    this.content = new Content();
    this.root = element('section', { class: 'card loading', tabindex: 0, 'data-id': id }, this.head, this.form, this.waiting.root, this.content.root);
    this.seat = new Seat(this.root);
    this.content.root.append(element('div', { class: 'skeleton', role: 'img', 'aria-label': 'loading' }));
  }

  /* ---- asking */

  /**
   * Ask for the content where it is not what is shown, as soon as the card is near the window.
   * A question takes the place of the one before; new data wait until what is under way is there: a training that
   * goes on must not keep a slow widget from ever being drawn.
   * @param {import('./panel.js').Slot} slot
   */
  want(slot) {
    const first = !this.slot;
    this.slot = slot;
    if (first) this.drawAbout(slot);
    if (!this.near) return;
    if (slot.question !== this.asked?.question || (slot.data !== this.asked.data && !this.waiting.on)) this.ask();
  }

  /** It is near the window, or needed. */
  approach() {
    this.near = true;
    if (this.slot) this.want(this.slot);
  }

  /** Return when everything that is wanted now is shown, or cannot be. */
  async whenShown() {
    this.approach();
    if (this.waiting.on) await new Promise((resolve) => this.expecting.push(() => resolve(null)));
  }

  ask() {
    const asked = this.slot;
    if (!asked) return;
    this.asked = asked;
    this.waiting.begin();
    this.root.setAttribute('aria-busy', 'true');
    this.panel.wire.ask(this.id, {
      question: asked.question,
      progress: (progress) => this.waiting.tell(progress),
      card: (card, text) => this.answered(card, text),
      failed: (why) => this.failed(why),
      lost: () => this.waiting.lost(),
    });
  }

  /** @param {Widget} card @param {string} text */
  answered(card, text) {
    this.settle();
    if (text !== this.text) this.update(card);
    this.text = text;
    if (this.slot?.data !== this.asked?.data) this.ask();
  }

  /** @param {string} why */
  failed(why) {
    this.settle();
    this.waiting.offer(why);
  }

  cancel() {
    this.panel.wire.cancel(this.id);
    this.settle();
    this.waiting.offer('Given up before it was drawn.');
  }

  settle() {
    this.waiting.end();
    this.root.removeAttribute('aria-busy');
    this.root.classList.remove('loading');
    this.content.root.querySelector('.skeleton')?.remove();
    for (const tell of this.expecting.splice(0)) tell();
  }

  /* ---- showing */

  /** @param {Widget} widget */
  update(widget) {
    const first = !this.widget;
    const { code } = widget.content;
    this.widget = code ? { ...widget, content: { ...widget.content, code: filled(code, location.origin, this.panel.about.store) } } : widget;
    this.drawAbout(widget);
    this.drawForm(first);
    if (this.group) this.group.refresh();
    else this.show();
  }

  /** Show something instead of the card's own content; null ends it. @param {Shown | null} content */
  dress(content) {
    this.dressed = content;
    this.show();
  }

  show() {
    const content = this.dressed ?? this.widget?.content ?? null;
    if (!content || content === this.shown) return;
    this.shown = content;
    this.content.update(content, this.widget?.title);
  }

  /** What it is of, which is known before it is drawn. @returns {Widget | import('./panel.js').Slot} */
  get about() {
    return this.widget ?? /** @type {import('./panel.js').Slot} */ (this.slot);
  }

  /** What the card shows now, for those who save it; null before it shows anything. @returns {Subject | null} */
  get subject() {
    const { widget, dressed } = this;
    return widget && { ...widget, content: dressed ?? widget.content, server: location.origin, store: this.panel.about.store };
  }

  /** @param {Widget | import('./panel.js').Slot} about */
  drawAbout(about) {
    const { root } = this;
    root.dataset.widget = about.tool;
    root.dataset.uoa = about.uoa;
    root.setAttribute('aria-label', `${about.title}: ${about.where}`);
    this.drawHead(about);
  }

  /** @param {Widget | import('./panel.js').Slot} about */
  drawHead({ title, icon: name, where, color }) {
    const { widget, head } = this;
    refill(
      head,
      byLabel,
      element('span', { class: 'card-icon' }, icon(name)),
      element(
        'div',
        { class: 'card-title' },
        element('b', { title }, title),
        element('span', { class: 'where', title: where }, element('i', { class: 'dot', style: `background:${color}` }), element('span', {}, where)),
      ),
      ...(widget ? [this.pinButton(widget)] : []),
      ...(widget?.unaffected ? [element('span', { class: 'unaffected', title: 'Does not follow the class selector' }, '≠', element('span', {}, ' class'))] : []),
      element('div', { class: 'card-actions' }, ...this.buttons()),
    );
  }

  /** Tell the checkpoint that is shown, and hold the widget there. @param {Widget} widget */
  pinButton({ pin, checkpoint }) {
    if (checkpoint === null && pin === null) return '';
    const number = checkpoint ?? pin;
    const title = pin === null ? `Checkpoint ${number}: pin the widget to it` : `Pinned to checkpoint ${number}: follow the checkpoint bar again`;
    const click = () => send({ type: 'pin', id: this.id, checkpoint: pin === null ? number : null });
    return element('button', { type: 'button', class: 'pin', title, 'aria-label': `@${number} ${title}`, 'aria-pressed': String(pin !== null), click }, pin === null ? '' : icon('pinned'), `@${number}`);
  }

  buttons() {
    const { widget } = this;
    const shown = widget
      ? [
          widget.settings.length ? iconButton('adjustments', 'Adjust', () => this.toggleForm(), { 'aria-expanded': String(!this.form.hidden) }) : null,
          widget.focus ? iconButton('crosshair', 'Show its unit', () => widget.focus && send(widget.focus), { class: 'icon-button roomy' }) : null,
          iconButton('arrows-maximize', 'Enlarge', () => this.enlarge(), { class: 'icon-button in-panel' }),
          iconButton('dots-vertical', 'More', ({ currentTarget }) => openActions(this, /** @type {HTMLElement} */ (currentTarget)), { 'aria-haspopup': 'menu' }),
        ]
      : [];
    return [...shown, iconButton('x', 'Close', () => this.panel.close([this.id]), { class: 'icon-button in-panel' })];
  }

  /** Draw the form anew, unless someone is typing in it. @param {boolean} first */
  drawForm(first) {
    if (!this.widget || this.form.contains(document.activeElement)) return;
    this.form.replaceChildren(form([this.id], this.widget.settings));
    if (first && this.widget.content.editor === '') this.form.hidden = false;
  }

  toggleForm() {
    this.form.hidden = !this.form.hidden;
    if (this.widget) this.drawHead(this.widget);
    if (!this.form.hidden) enter(this.form);
  }

  /** Show the card large, with its form: it can be adjusted there. */
  enlarge() {
    if (this.seat.kept) return;
    const place = element('div', { class: 'enlarged-place' });
    const dialog = openDialog('enlarged', this.root.getAttribute('aria-label') ?? '', [place], () => {
      this.closeLarge = null;
      this.seat.home();
      this.root.focus();
    });
    this.seat.visit(place);
    this.closeLarge = () => dialog.close();
    /** @type {HTMLElement | null} */ (dialog.querySelector('.dialog-close'))?.focus();
  }

  destroy() {
    this.closeLarge?.();
    this.panel.wire.cancel(this.id);
    this.waiting.end();
    this.content.destroy();
    this.seat.element.remove();
    this.root.remove();
    for (const tell of this.expecting.splice(0)) tell();
  }
}
