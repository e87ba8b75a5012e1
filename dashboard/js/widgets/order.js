/** In which order cards and groups stand in the flaps, and where something comes that is dropped or moved. */

/** @typedef {{id: string, level: string}} Placed */
/** @typedef {{id: string, members: string[]}} Grouped */
/** @typedef {{id: string, level: string, first: string}} Seated a card, or a group, which stands where its `first` member would */

const EDGE = 28; // px from the edge of a card in which something is put beside it, not into it
const SHARE = 0.22; // of its height, for low ones

/** Return what stands in the panel, from top to bottom. @param {Placed[]} slots @param {Grouped[]} groups @returns {Seated[]} */
export function seated(slots, groups) {
  const of = new Map(groups.flatMap((group) => group.members.map((member) => [member, group])));
  return slots.flatMap(({ id, level }) => {
    const group = of.get(id);
    if (!group) return [{ id, level, first: id }];
    return group.members[0] === id ? [{ id: group.id, level, first: id }] : [];
  });
}

/**
 * Return whether what is dropped at a height comes before a card, onto it, or after it.
 * @param {number} y @param {{top: number, bottom: number}} box @param {boolean} onto whether it can go onto it
 * @returns {'before' | 'onto' | 'after'}
 */
export function placeAt(y, { top, bottom }, onto) {
  const edge = onto ? Math.min(EDGE, (bottom - top) * SHARE) : (bottom - top) / 2;
  if (y < top + edge) return 'before';
  return y > bottom - edge || !onto ? 'after' : 'onto';
}

/**
 * Return before which widget something comes that goes a step up or down in its flap; undefined where there is no step.
 * @param {Seated[]} seats @param {string} id @param {-1 | 1} step @returns {string | null | undefined} null: behind all others
 */
export function neighbourOf(seats, id, step) {
  const own = seats.find((seat) => seat.id === id);
  const flap = seats.filter(({ level }) => level === own?.level);
  const at = flap.findIndex((seat) => seat.id === id);
  if (!own || !flap[at + step]) return undefined;
  return step < 0 ? flap[at - 1].first : (flap[at + 2]?.first ?? null);
}
