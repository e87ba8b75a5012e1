/** The checkpoint bar: scrub and play over the checkpoints of a model. */
import { answered, send } from './bus.js';
import { element, icon, iconButton } from './html.js';
import { onServer } from './live.js';

/** @typedef {{numbers: number[], epochs: number[], metrics: string[], at: number, title: string}} Bar */

const DWELL = 900; // ms that a checkpoint is looked at, at least, while playing at speed 1
const LOOK = 50; // ms between two looks whether everything has followed
const PATIENCE = 10_000; // ms after which playing goes on without a widget that does not follow
const QUIET = 60; // ms of rest after which the thumb's place counts
const SPEEDS = [0.5, 1, 2];
const MOST_TICKS = 60;

export class CheckpointBar {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Bar} */
    this.bar = { numbers: [], epochs: [], metrics: [], at: 0, title: '' };
    this.playing = false;
    this.speed = 1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.rest = undefined;
    this.play = iconButton('player-play', 'Play the checkpoints', () => this.toggle());
    this.pace = element('button', { type: 'button', class: 'pace', click: () => this.faster() });
    this.where = element('span', { class: 'where', 'aria-live': 'polite' });
    this.slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Checkpoint', input: () => this.scrub(), keydown: (event) => this.key(event) });
    this.ticks = element('div', { class: 'ticks', 'aria-hidden': 'true' });
    this.metrics = element('span', { class: 'metrics' });
    root.classList.add('empty');
    root.append(icon('history'), this.play, this.pace, this.where, element('div', { class: 'track' }, this.ticks, this.slider), this.metrics);
    this.stopWatching = onServer((there) => there || this.stop());
    this.showSpeed();
  }

  /** @param {{bar: Bar | null}} properties */
  update({ bar }) {
    if (!bar || JSON.stringify(bar) === JSON.stringify(this.bar)) return;
    const grown = this.bar.numbers.length !== bar.numbers.length;
    const other = this.bar.title !== bar.title;
    this.bar = bar;
    this.slider.max = String(Math.max(0, bar.numbers.length - 1));
    if (other) this.stop();
    if (other || !this.telling()) this.slider.value = String(bar.at);
    if (grown) this.ticks.replaceChildren(...(bar.numbers.length <= MOST_TICKS ? bar.numbers.map(() => element('i')) : []));
    this.root.classList.toggle('empty', !bar.numbers.length);
    this.show();
  }

  /** Whether the thumb is somewhere that the server does not know of yet: what comes from it then is older. */
  telling() {
    return this.rest !== undefined || !answered();
  }

  get at() {
    return Number(this.slider.value);
  }

  get last() {
    return this.bar.numbers.length - 1;
  }

  /** What the view calls the checkpoint under the thumb: the last one stays the last while others come. */
  get value() {
    return this.at === this.last ? 'last' : this.bar.numbers[this.at];
  }

  /** Tell the checkpoint under the thumb at once, before everything else has followed. */
  show() {
    const { numbers, epochs, metrics, title } = this.bar;
    const { at, last } = this;
    this.metrics.replaceChildren(...(metrics[at] ?? '').split(/\s{2,}/).map((metric) => element('span', {}, metric)));
    this.metrics.title = metrics[at] ?? '';
    this.where.title = title;
    if (last < 0) return void (this.where.textContent = title ? `${title} has no checkpoint yet` : 'No checkpoint yet');
    this.where.replaceChildren(
      element('span', { class: 'name' }, title),
      element('span', {}, 'Checkpoint ', element('b', {}, `${numbers[at]}`), ` of ${numbers[last]} · epoch `, element('b', {}, `${epochs[at]}`)),
    );
    this.slider.setAttribute('aria-valuetext', `checkpoint ${numbers[at]}, epoch ${epochs[at]}, ${metrics[at]}`);
    return this.slider.style.setProperty('--share', `${last ? (100 * at) / last : 100}%`);
  }

  /* ---- scrubbing */

  scrub() {
    this.stop();
    this.show();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.tell(), QUIET);
  }

  tell() {
    clearTimeout(this.rest);
    this.rest = undefined;
    send({ type: 'checkpoint', value: this.value });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== ' ') return;
    event.preventDefault();
    this.toggle();
  }

  /* ---- playing */

  toggle() {
    if (this.playing) return this.stop();
    this.playing = true;
    this.showPlaying();
    return this.go(this.at >= this.last ? 0 : this.at + 1);
  }

  /** Show a checkpoint; when everything has followed, and not too soon, the next. @param {number} at */
  go(at) {
    this.slider.value = String(at);
    this.show();
    this.tell();
    const begun = performance.now();
    const look = () => {
      const waited = performance.now() - begun;
      if (waited < DWELL / this.speed || (!this.followed() && waited < PATIENCE)) this.timer = setTimeout(look, LOOK);
      else if (this.at >= this.last) this.stop();
      else this.go(this.at + 1);
    };
    this.timer = setTimeout(look, LOOK);
  }

  /** Whether everything shows the checkpoint under the thumb: this bar and the widgets are answered one by one. */
  followed() {
    const panel = /** @type {HTMLElement | null} */ (document.querySelector('.widget-panel'));
    const told = !panel || panel.dataset.checkpoint === String(this.value);
    return answered() && told && this.bar.at === this.at && !document.querySelector('.card[aria-busy="true"]');
  }

  stop() {
    clearTimeout(this.timer);
    this.playing = false;
    this.showPlaying();
  }

  showPlaying() {
    const label = this.playing ? 'Stop' : 'Play the checkpoints';
    this.play.setAttribute('aria-label', label);
    this.play.title = label;
    this.play.replaceChildren(icon(this.playing ? 'player-pause' : 'player-play'));
  }

  /** Take the next speed, after the fastest the slowest. */
  faster() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.showSpeed();
  }

  showSpeed() {
    this.pace.textContent = `${this.speed}×`;
    this.pace.title = 'Speed';
    this.pace.setAttribute('aria-label', `Speed ${this.speed}×: choose another`);
  }

  destroy() {
    this.stop();
    clearTimeout(this.rest);
    this.stopWatching();
  }
}
