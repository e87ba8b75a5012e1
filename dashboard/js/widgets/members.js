/** What tells the members of a group apart: a short name and a colour for each. */

/** @typedef {{title: string, where: string, color: string, checkpoint: number | null}} About */

/** Of members that share a model's colour. */
const COLORS = ['#4c6ef5', '#fd7e14', '#12b886', '#e64980', '#7950f2', '#15aabf', '#fa5252', '#82c91e', '#be4bdb', '#868e96'];
const GOLDEN = 137.508; // degrees: each next hue lies far from those before it

/**
 * Return the shortest names that tell members apart: the parts of where they are that not all have, then what they
 * show, then their checkpoints, and in the end a number.
 * @param {About[]} members @returns {string[]}
 */
export function namesOf(members) {
  const named = members.map(() => /** @type {string[]} */ ([]));
  const kinds = [differing(members), members.map(({ title }) => title), members.map(({ checkpoint }) => (checkpoint === null ? '' : `@${checkpoint}`))];
  for (const parts of kinds) {
    const joined = named.map((names) => names.join(' '));
    const needed = new Set(joined).size < members.length && new Set(parts).size > 1;
    if (needed) parts.forEach((part, index) => part && named[index].push(part));
  }
  return numbered(named.map((names, index) => names.join(' ') || members[index].where));
}

/** Return of each path what is neither at the begin nor at the end of all of them. @param {About[]} members */
function differing(members) {
  const paths = members.map(({ where }) => where.split(' › '));
  const first = paths[0] ?? [];
  const shortest = Math.min(...paths.map(({ length }) => length));
  let begin = 0;
  while (begin < shortest - 1 && paths.every((path) => path[begin] === first[begin])) begin += 1;
  let end = 0;
  while (end < shortest - 1 - begin && paths.every((path) => path.at(-1 - end) === first.at(-1 - end))) end += 1;
  return paths.map((path) => path.slice(begin, path.length - end).join(' › '));
}

/** Number those that still have the same name. @param {string[]} names */
function numbered(names) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count > 1 ? `${name} (${count})` : name;
  });
}

/** Return a colour for each member: those of their models, unless some share one. @param {About[]} members */
export function colorsOf(members) {
  const own = members.map(({ color }) => color);
  if (new Set(own).size === own.length) return own;
  return members.map((_, index) => COLORS[index] ?? `hsl(${((index * GOLDEN) % 360).toFixed(0)} 60% 50%)`);
}
