/** The checkpoint bar: scrub and play over the checkpoints of a model. */
import { send } from './bus.js';
import { element, icon, iconButton } from './html.js';

const STEP = 900; // ms per checkpoint while playing: long enough for every widget to follow

/** @typedef {{numbers: number[], epochs: number[], metrics: string[], at: number, title: string}} Bar */

export class CheckpointBar {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Bar | null} */
    this.bar = null;
    this.timer = 0;
    this.play = iconButton('player-play', 'Play the checkpoints', () => this.toggle());
    this.where = element('span', { class: 'where', 'aria-live': 'polite' });
    this.slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Checkpoint', input: () => this.scrub() });
    this.ticks = element('div', { class: 'ticks', 'aria-hidden': 'true' });
    this.metrics = element('span', { class: 'metrics' });
    const track = element('div', { class: 'track' }, this.ticks, this.slider);
    root.classList.add('empty');
    root.append(icon('history'), this.play, this.where, track, this.metrics);
  }

  update({ bar }) {
    if (!bar || JSON.stringify(bar) === JSON.stringify(this.bar)) return;
    const grown = !this.bar || this.bar.numbers.length !== bar.numbers.length;
    this.bar = bar;
    this.slider.max = String(Math.max(0, bar.numbers.length - 1));
    this.slider.value = String(bar.at);
    if (grown) this.ticks.replaceChildren(...(bar.numbers.length <= 60 ? bar.numbers.map(() => element('i')) : []));
    this.root.classList.toggle('empty', !bar.numbers.length);
    this.show();
  }

  /** Tell the checkpoint under the thumb at once, before everything else has followed. */
  show() {
    const { numbers, epochs, metrics, title } = this.bar;
    const at = Number(this.slider.value);
    if (!numbers.length) {
      this.where.textContent = title ? `${title} has no checkpoint yet` : 'No checkpoint yet';
      this.metrics.textContent = '';
      return;
    }
    this.where.replaceChildren(
      element('span', { class: 'name' }, title), 'Checkpoint ', element('b', {}, `${numbers[at]}`), ` of ${numbers[numbers.length - 1]} · epoch `, element('b', {}, `${epochs[at]}`),
    );
    this.where.title = title;
    this.metrics.textContent = metrics[at];
    this.slider.setAttribute('aria-valuetext', `checkpoint ${numbers[at]}, epoch ${epochs[at]}, ${metrics[at]}`);
    this.slider.style.setProperty('--share', `${numbers.length > 1 ? (100 * at) / (numbers.length - 1) : 100}%`);
  }

  scrub() {
    this.show();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.tell(), 60);
  }

  tell() {
    const at = Number(this.slider.value);
    const last = at === this.bar.numbers.length - 1;
    send({ type: 'checkpoint', value: last ? 'last' : this.bar.numbers[at] });
  }

  toggle() {
    if (this.timer) return this.stop();
    if (Number(this.slider.value) >= Number(this.slider.max)) this.slider.value = '0';
    this.play.setAttribute('aria-label', 'Stop');
    this.play.firstChild.className = 'icon icon-player-pause';
    this.tell();
    this.show();
    this.timer = setInterval(() => this.next(), STEP);
  }

  next() {
    if (Number(this.slider.value) >= Number(this.slider.max)) return this.stop();
    this.slider.value = String(Number(this.slider.value) + 1);
    this.show();
    this.tell();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.play.setAttribute('aria-label', 'Play the checkpoints');
    this.play.firstChild.className = 'icon icon-player-play';
  }

  destroy() {
    this.stop();
  }
}
