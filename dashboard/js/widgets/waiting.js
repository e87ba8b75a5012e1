/** What a card tells while the server works for it: since when, how much of it is answered, and how to give it up. */
import { element, icon } from '../html.js';

const PATIENCE = 400; // ms in which most widgets are drawn: until then nothing is told

export class Waiting {
  /** @param {() => void} cancel @param {() => void} again */
  constructor(cancel, again) {
    this.on = false;
    this.since = 0;
    this.timer = 0;
    this.again = again;
    /** @type {import('./wire.js').Progress} */
    this.progress = { asked: 0, answered: 0 };
    this.away = false;
    this.text = element('span', {});
    this.bar = element('progress', { 'aria-label': 'answers of the server' });
    const stop = element('button', { type: 'button', class: 'small-button', click: cancel }, icon('player-stop'), 'Cancel');
    this.working = element('div', { class: 'waiting' }, this.bar, this.text, stop);
    this.root = element('div', { role: 'status' });
  }

  begin() {
    clearInterval(this.timer);
    this.on = true;
    this.since = performance.now();
    this.progress = { asked: 0, answered: 0 };
    this.away = false;
    this.root.replaceChildren();
    this.timer = window.setInterval(() => this.show(), PATIENCE);
  }

  /** @param {import('./wire.js').Progress} progress */
  tell(progress) {
    this.progress = progress;
    this.away = false;
  }

  /** The server has gone: what is awaited comes when it is back. */
  lost() {
    this.away = true;
    if (this.on) this.show();
  }

  show() {
    const { asked, answered } = this.progress;
    const seconds = (performance.now() - this.since) / 1000;
    if (this.away) this.text.textContent = 'The server is away: drawn as soon as it is back';
    else this.text.textContent = asked ? `${answered} of ${asked} answers · ${seconds.toFixed(0)} s` : `waiting for its turn · ${seconds.toFixed(0)} s`;
    if (asked > 1 && !this.away) {
      this.bar.setAttribute('max', String(asked));
      this.bar.setAttribute('value', String(answered));
    } else this.bar.removeAttribute('value');
    if (!this.working.isConnected) this.root.replaceChildren(this.working);
  }

  end() {
    clearInterval(this.timer);
    this.on = false;
    this.root.replaceChildren();
  }

  /** Say why nothing new is shown, and how to try again. @param {string} why */
  offer(why) {
    const again = element('button', { type: 'button', class: 'small-button', click: this.again }, icon('refresh'), 'Draw it');
    this.root.replaceChildren(element('div', { class: 'waiting' }, element('span', {}, why), again));
  }
}
