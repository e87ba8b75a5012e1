/** What is put on boxes after they are drawn: scores and badges, also of what is folded away. */
import { markup } from '../html.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Score} Score */
/** @typedef {import('./types.js').Badge} Badge */

const MOST_BADGES = 4;

/**
 * Return a box's score; of a fold the highest of what is in it.
 * @param {Box} box @param {Record<string, Score>} scores @returns {Score | undefined}
 */
export function scoreOf(box, scores) {
  if (!box.members) return scores[box.uoa];
  /** @type {Score | undefined} */
  let highest;
  for (const member of box.members) {
    const score = scores[member];
    if (score && (!highest || Number(score.text) > Number(highest.text))) highest = score;
  }
  return highest;
}

/**
 * Return a box's badges; of a fold each that is worn in it, once.
 * @param {Box} box @param {Record<string, Badge[]>} badges @returns {Badge[]}
 */
export function badgesOf(box, badges) {
  if (!box.members) return badges[box.uoa] ?? [];
  /** @type {Map<string, Badge>} */
  const found = new Map();
  for (const member of box.members) for (const badge of badges[member] ?? []) found.set(badge.text, badge);
  return [...found.values()];
}

/**
 * Return a box's score and badges as SVG, from its upper right corner leftwards.
 * @param {Box} box @param {Score | undefined} score @param {Badge[]} badges
 */
export function annotation(box, score, badges) {
  if (box.kind === 'neuron') return markup``;
  let x = box.w - 12;
  const parts = [];
  if (score) {
    parts.push(markup`<g class="score" data-tip="${score.tip}"><rect x="${x - 38}" y="6" width="38" height="18" rx="9" fill="${score.color}"/>
      <text x="${x - 19}" y="19" text-anchor="middle" style="fill:${score.ink}">${score.text}</text></g>`);
    x -= 46;
  }
  for (const { text, color, title } of badges.slice(0, MOST_BADGES)) {
    parts.push(markup`<g class="badge" data-tip="${title}" transform="translate(${x - 10},15)"><circle r="9.5" fill="${color}"/><text y="3.6" text-anchor="middle">${text}</text></g>`);
    x -= 21;
  }
  return markup`${parts}`;
}
