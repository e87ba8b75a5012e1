/** Plots that something else has changed are drawn anew one in a frame: many at once would hold up the page. */

/** @typedef {{draw: () => unknown}} Drawn */

/** @type {Set<Drawn>} */
const waiting = new Set();

/** Draw something anew, soon and once. @param {Drawn} drawn */
export function redraw(drawn) {
  if (!waiting.size) requestAnimationFrame(next);
  waiting.add(drawn);
}

function next() {
  const [first] = waiting;
  waiting.delete(first);
  if (waiting.size) requestAnimationFrame(next);
  first.draw();
}
