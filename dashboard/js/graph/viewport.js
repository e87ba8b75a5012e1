/** Where the inspection panel looks: pure arithmetic of offset and scale. */

/** @typedef {{x: number, y: number, scale: number}} Viewport */
/** @typedef {[number, number, number, number]} Bounds left, top, right, bottom */

export const LEAST = 0.01;
export const MOST = 3;
const READABLE = 0.72;
const BESIDE = 0.6; // scale down to which a drawing makes room for the minimap
const USUAL = 1600; // px of a panel, beyond which drawings are shown larger than they are
const LARGEST = 2; // times, at most
const MARGIN = 28;
const BARS = 32; // px more above and below, where a hint and a slider lie over the drawing
const MAP = 176; // px at the right end that the minimap takes
const NARROW = 720; // px of the panel, below which the map would cover what it is the map of

/**
 * Return the viewport that shows all of a graph, or its top at a scale that can be read, beside the minimap if there is room.
 * @param {{bounds: Bounds, hint?: string, comparison?: object}} graph @param {number} width @param {number} height @returns {Viewport}
 */
export function fitted({ bounds: [left, top, right, bottom], hint, comparison }, width, height) {
  const margin = hint || comparison ? MARGIN + BARS : MARGIN;
  const across = (width - 2 * MARGIN) / Math.max(1, right - left);
  const down = (height - 2 * margin) / Math.max(1, bottom - top);
  const whole = Math.min(largest(width), across, down);
  const readable = Math.max(LEAST, whole >= READABLE ? whole : Math.max(whole, Math.min(READABLE, across)));
  const tall = (bottom - top) * readable > height - 2 * margin;
  const narrower = (width - MAP - MARGIN) / Math.max(1, right - left);
  const scale = tall && width >= NARROW && narrower >= BESIDE ? Math.min(readable, narrower) : readable;
  const middle = width / 2 - ((left + right) / 2) * scale;
  const beside = width - MAP - right * scale; // where it ends before the minimap
  const mapped = tall && width >= NARROW && beside >= MARGIN - left * scale - 0.5;
  return {
    scale,
    x: mapped ? Math.min(middle, beside) : middle,
    y: tall ? margin - top * scale : height / 2 - ((top + bottom) / 2) * scale,
  };
}

/**
 * Return the viewport that shows all of `bounds`, however small.
 * @param {Bounds} bounds @param {number} width @param {number} height @returns {Viewport}
 */
export function whole([left, top, right, bottom], width, height) {
  const scale = Math.max(
    LEAST,
    Math.min(largest(width), (width - 2 * MARGIN) / Math.max(1, right - left), (height - 2 * MARGIN) / Math.max(1, bottom - top)),
  );
  return { scale, x: width / 2 - ((left + right) / 2) * scale, y: height / 2 - ((top + bottom) / 2) * scale };
}

/** Return how large a drawing may be shown by itself: on a very large screen nothing is lost in its middle. @param {number} width */
const largest = (width) => Math.max(1, Math.min(LARGEST, width / USUAL));

/**
 * Tell whether a minimap `map` px high would only be in the way: in a narrow panel, and over a drawing that is all in sight.
 * @param {Bounds} bounds @param {Viewport} viewport @param {number} width @param {number} height @param {number} map
 */
export function coveredByMap([left, top, right, bottom], { x, y, scale }, width, height, map) {
  const [x0, y0, x1, y1] = [left * scale + x, top * scale + y, right * scale + x, bottom * scale + y];
  const allInSight = x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height;
  return width < NARROW || (allInSight && x1 > width - MAP && y1 > height - map);
}

/**
 * Return the viewport scaled by `factor` around a point of the screen.
 * @param {Viewport} viewport @param {number} factor @param {number} x @param {number} y @returns {Viewport}
 */
export function zoomed(viewport, factor, x, y) {
  const scale = Math.max(LEAST, Math.min(MOST, viewport.scale * factor));
  const ratio = scale / viewport.scale;
  return { scale, x: x - (x - viewport.x) * ratio, y: y - (y - viewport.y) * ratio };
}

/**
 * Return the viewport with a point of the drawing in the middle.
 * @param {Viewport} viewport @param {number} x @param {number} y @param {number} width @param {number} height @returns {Viewport}
 */
export const centred = (viewport, x, y, width, height) => ({
  scale: viewport.scale,
  x: width / 2 - x * viewport.scale,
  y: height / 2 - y * viewport.scale,
});

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Return the nearest of `boxes` in a direction, by distance with what is off the line counting double.
 * @template {{x: number, y: number}} Place
 * @param {{x: number, y: number}} from @param {Place[]} boxes @param {string} key an arrow key @returns {Place | null}
 */
export function neighbour(from, boxes, key) {
  const [dx, dy] = DIRECTIONS[key];
  /** @type {Place | null} */
  let best = null;
  let least = Infinity;
  for (const box of boxes) {
    const along = (box.x - from.x) * dx + (box.y - from.y) * dy;
    const aside = Math.abs((box.x - from.x) * dy) + Math.abs((box.y - from.y) * dx);
    const distance = along + 2 * aside;
    if (along > 1 && distance < least) [best, least] = [box, distance];
  }
  return best;
}

/** Return the middle of a line, where it is told from others. @param {{points: [number, number][]}} line */
export function middleOf({ points }) {
  const [[x0, y0], [x1, y1]] = [points[0], points[points.length - 1]];
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}
