/** The sheet that a drawing lies on: larger than the panel, so that panning moves it as it is, and nothing is painted anew. */

/** @typedef {import('./viewport.js').Viewport} Viewport */

export const ROOM = 2000; // px that the sheet has more than the panel, on each side

/**
 * Return how far a sheet is moved to show another place at the same scale, in whole px, as text between pixels is blurred;
 * null where it has to be painted anew.
 * @param {Viewport} painted @param {Viewport} wanted @returns {[number, number] | null}
 */
export function slid(painted, wanted) {
  const [right, down] = [Math.round(wanted.x - painted.x), Math.round(wanted.y - painted.y)];
  return wanted.scale === painted.scale && Math.max(Math.abs(right), Math.abs(down)) <= ROOM ? [right, down] : null;
}

export class Sheet {
  /** @param {SVGSVGElement} svg @param {SVGGElement} group what is drawn @param {SVGPatternElement} pattern behind it */
  constructor(svg, group, pattern) {
    this.svg = svg;
    svg.style.setProperty('--room', `${ROOM}px`);
    this.group = group;
    this.pattern = pattern;
    /** @type {Viewport} */
    this.painted = { x: NaN, y: NaN, scale: NaN };
  }

  /** Show what a viewport shows. @param {Viewport} viewport */
  lay(viewport) {
    const way = slid(this.painted, viewport);
    if (!way) this.paint(viewport);
    const [right, down] = way ?? [0, 0];
    this.svg.style.transform = `translate(${right}px,${down}px)`;
  }

  /** @param {Viewport} viewport */
  paint(viewport) {
    const place = `translate(${viewport.x + ROOM},${viewport.y + ROOM}) scale(${viewport.scale})`;
    this.painted = viewport;
    this.group.setAttribute('transform', place);
    this.pattern.setAttribute('patternTransform', place);
  }
}
