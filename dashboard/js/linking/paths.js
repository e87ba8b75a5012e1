/** What units and samples are called on the page: pure text. */

/** Return the paths above a unit, nearest first: `m/a/b#3` is in `m/a/b`, `m/a`, `m`. @param {string} uoa */
export function ancestors(uoa) {
  const paths = [];
  for (let end = Math.max(uoa.lastIndexOf('/'), uoa.lastIndexOf('#')); end > 0; ) {
    paths.push(uoa.slice(0, end));
    end = Math.max(uoa.lastIndexOf('/', end - 1), uoa.lastIndexOf('#', end - 1));
  }
  return paths;
}

/**
 * Return the name of a sample: models whose spaces are equal followed the same samples.
 * @param {string} space empty: it is not known which samples these are, and nothing is linked with them
 * @param {number | undefined} sample its position among those that are followed; none has no name
 */
export const sampleKey = (space, sample) => (space && sample !== undefined ? `${space}:${sample}` : '');

/** Return the space and the number that a sample's name tells. @param {string} key */
export function parseSample(key) {
  const end = key.lastIndexOf(':');
  return { space: key.slice(0, Math.max(0, end)), sample: Number(key.slice(end + 1)) };
}
