/** The drawing seen from far, on a canvas: boxes, edges, frames, and names where there is room for them. */
import { cut, element } from '../html.js';
import { cssVariable } from '../theme.js';
import { meets } from './culled.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Bounds} Bounds */
/** @typedef {import('./types.js').Drawing} Drawing */
/** @typedef {import('./viewport.js').Viewport} Viewport */

const NAMED = { width: 46, height: 15 }; // px on the screen that a box takes at least to be named
const NAME = 10.5; // px
const TITLED = 90; // px on the screen that a frame takes at least to be titled
const ROUND = 7; // px on the screen from which on corners are round
const OUTLINED = 3; // px on the screen from which on a box has an outline

/**
 * @typedef {object} Marks what is told apart
 * @property {(box: Box) => string} fill empty: the card's colour
 * @property {(box: Box) => boolean} lit
 * @property {(box: Box) => boolean} selected
 */

export class Far {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.canvas = element('canvas', { class: 'far-view', 'aria-hidden': 'true', hidden: true });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    root.prepend(this.canvas);
    this.colors = colors();
    /** @type {Map<string, string>} */
    this.roles = new Map();
  }

  /** Take over the theme's colours. */
  recolor() {
    this.colors = colors();
    this.roles.clear();
  }

  hide() {
    this.canvas.hidden = true;
  }

  /**
   * @param {Drawing} graph @param {Bounds[]} edges the extents of the edges
   * @param {Viewport} viewport @param {number} width @param {number} height @param {Marks} marks
   */
  show(graph, edges, viewport, width, height, marks) {
    const { context } = this;
    const ratio = window.devicePixelRatio;
    this.canvas.hidden = false;
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { x, y, scale } = viewport;
    /** @type {Bounds} */
    const sight = [-x / scale, -y / scale, (width - x) / scale, (height - y) / scale];
    this.frames(graph, viewport, sight);
    this.edges(graph, edges, viewport, sight, marks);
    this.boxes(graph.nodes.filter((box) => meets(extentOf(box), sight)), viewport, marks);
  }

  /** @param {Drawing} graph @param {Viewport} viewport @param {Bounds} sight */
  frames({ frames }, { x, y, scale }, sight) {
    const { context } = this;
    context.setLineDash([5, 4]);
    for (const frame of frames) {
      if (!meets([frame.x, frame.y, frame.x + frame.w, frame.y + frame.h], sight)) continue;
      const color = this.named(frame.color);
      const [left, top, width] = [frame.x * scale + x, frame.y * scale + y, frame.w * scale];
      context.strokeStyle = color;
      context.lineWidth = 1;
      context.strokeRect(left, top, width, frame.h * scale);
      if (width < TITLED) continue;
      context.fillStyle = color;
      context.font = `600 11px Inter, sans-serif`;
      context.fillText(cut(frame.name, Math.floor(width / 7)), left + 4, top - 5);
    }
    context.setLineDash([]);
  }

  /** Layers have the colour of their kind, pale, so that names can be read on it. @param {Box} box */
  roleColor(box) {
    const role = box.more.role ?? '';
    const known = this.roles.get(role) ?? (role ? mixed(cssVariable(`--kind-${role}`), this.colors.card) : this.colors.card);
    this.roles.set(role, known);
    return known;
  }

  /** @param {string} color of the drawing: it may name a variable of the style sheet */
  named(color) {
    return color.startsWith('var(') ? cssVariable(color.slice(4, -1)) : color;
  }

  /** @param {Drawing} graph @param {Bounds[]} extents @param {Viewport} viewport @param {Bounds} sight @param {Marks} marks */
  edges({ edges, nodes }, extents, { x, y, scale }, sight, { lit }) {
    const { context } = this;
    const marked = new Set(nodes.filter(lit).map(({ uoa }) => uoa));
    for (const [accented, color, width] of /** @type {[boolean, string, number][]} */ ([[false, this.colors.edge, 1], [true, this.colors.accent, 1.8]])) {
      context.beginPath();
      for (const [index, edge] of edges.entries()) {
        if ((marked.has(edge.source) || marked.has(edge.target)) !== accented || !meets(extents[index], sight)) continue;
        edge.points.forEach(([right, down], place) => {
          if (place) context.lineTo(right * scale + x, down * scale + y);
          else context.moveTo(right * scale + x, down * scale + y);
        });
      }
      context.strokeStyle = color;
      context.lineWidth = width;
      context.stroke();
    }
  }

  /** Boxes of one colour are one path: a canvas draws that many times as fast. @param {Box[]} boxes @param {Viewport} viewport @param {Marks} marks */
  boxes(boxes, viewport, marks) {
    /** @type {Map<string, Box[]>} */
    const filled = new Map();
    for (const box of boxes) {
      const color = marks.fill(box) || this.roleColor(box);
      const alike = filled.get(color);
      if (alike) alike.push(box);
      else filled.set(color, [box]);
    }
    for (const [color, alike] of filled) {
      this.path(alike, viewport);
      this.context.fillStyle = color;
      this.context.fill();
      this.outline(alike.filter((box) => Math.min(box.w, box.h) * viewport.scale >= OUTLINED), viewport, this.colors.outline, 1);
    }
    this.outline(boxes.filter(marks.selected), viewport, this.colors.accent, 2.4);
    this.outline(boxes.filter(marks.lit), viewport, this.colors.amber, 2.6);
    this.names(boxes, viewport, marks);
  }

  /** @param {Box[]} boxes @param {Viewport} viewport */
  path(boxes, { x, y, scale }) {
    const { context } = this;
    context.beginPath();
    for (const box of boxes) {
      const [width, height] = [Math.max(1.5, box.w * scale), Math.max(1.5, box.h * scale)];
      const [left, top] = [(box.x - box.w / 2) * scale + x, (box.y - box.h / 2) * scale + y];
      if (Math.min(width, height) >= ROUND) context.roundRect(left, top, width, height, Math.min(10 * scale, height / 2));
      else context.rect(left, top, width, height);
    }
  }

  /** @param {Box[]} boxes @param {Viewport} viewport @param {string} color @param {number} width */
  outline(boxes, viewport, color, width) {
    if (!boxes.length) return;
    this.path(boxes, viewport);
    this.context.strokeStyle = color;
    this.context.lineWidth = width;
    this.context.stroke();
  }

  /** @param {Box[]} boxes @param {Viewport} viewport @param {Marks} marks */
  names(boxes, { x, y, scale }, marks) {
    const { context } = this;
    context.font = `600 ${NAME}px Inter, sans-serif`;
    context.textBaseline = 'middle';
    for (const box of boxes) {
      const width = box.w * scale;
      if (width < NAMED.width || box.h * scale < NAMED.height) continue;
      context.fillStyle = marks.fill(box) && box.kind !== 'model' ? '#1b2437' : this.colors.ink;
      context.fillText(cut(box.name, Math.floor((width - 8) / (NAME * 0.6))), (box.x - box.w / 2) * scale + x + 5, box.y * scale + y);
    }
    context.textBaseline = 'alphabetic';
  }
}

const PALE = 28; // per cent of a kind's own colour

/** @param {string} color @param {string} ground */
const mixed = (color, ground) => `color-mix(in srgb, ${color} ${PALE}%, ${ground})`;

/** Return the area that a box takes. @param {Box} box @returns {Bounds} */
export const extentOf = (box) => [box.x - box.w / 2, box.y - box.h / 2, box.x + box.w / 2, box.y + box.h / 2];

const colors = () => ({
  card: cssVariable('--card'),
  ink: cssVariable('--ink'),
  edge: cssVariable('--edge'),
  outline: cssVariable('--edge'),
  accent: cssVariable('--accent'),
  amber: cssVariable('--amber'),
});
