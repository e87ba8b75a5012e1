/** Histograms of a group in the same bins: the server is asked for each once more. */
import { askedWith, commonBins } from './scale.js';

/** @typedef {import('./card.js').Card} Card */
/** @typedef {import('./card.js').Shown} Shown */

export class CommonBins {
  /** @param {import('./wire.js').Wire} wire @param {() => void} changed is called when one of them has come */
  constructor(wire, changed) {
    this.wire = wire;
    this.changed = changed;
    /** @type {Map<string, {key: string, content: Shown | null}>} by the widget's id */
    this.asked = new Map();
  }

  /** Ask for what is not there yet. @param {Card[]} cards all that are drawn */
  want(cards) {
    const histograms = cards.filter(({ widget }) => widget?.content.merge === 'histogram');
    const bins = histograms.length > 1 ? commonBins(histograms.map(({ widget }) => widget?.content.figure ?? { data: [], layout: {} })) : null;
    if (!bins) return this.clear();
    for (const card of histograms) this.ask(card, askedWith(card.slot?.question ?? '{}', card.widget?.settings ?? [], bins));
    return undefined;
  }

  /** @param {Card} card @param {string | null} question */
  ask({ id, slot }, question) {
    const key = question && `${slot?.data} ${question}`;
    if (!question || !key || this.asked.get(id)?.key === key) return;
    /** @type {{key: string, content: Shown | null}} */
    const entry = { key, content: null };
    this.asked.set(id, entry);
    const card = (/** @type {import('./card.js').Widget} */ { content }) => {
      entry.content = content.error ? null : content;
      this.changed();
    };
    this.wire.ask(`${id}~`, { question, progress: () => {}, card, failed: () => {} });
  }

  /** Return a widget's content in the common bins; null until it is there. @param {string} id */
  of(id) {
    return this.asked.get(id)?.content ?? null;
  }

  clear() {
    for (const id of this.asked.keys()) this.wire.cancel(`${id}~`);
    this.asked.clear();
  }
}
