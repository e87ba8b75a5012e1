/** The minimap: everything small, and a frame around what is in sight. */
import { element } from '../html.js';
import { cssVariable } from '../theme.js';
import { coveredByMap } from './viewport.js';

const WIDTH = 150;
const LEAST_HEIGHT = 70;
const MOST_HEIGHT = 180;
const MARGIN = 6;
const AROUND = 36; // px that the map's heading and its distance from the edge take
const LINGER = 1500; // ms after the last movement

export class Minimap {
  /** @param {HTMLElement} parent @param {(x: number, y: number) => void} centre goes to a point of the drawing */
  constructor(parent, centre) {
    this.scale = 1;
    /** @type {import('./viewport.js').Bounds} */
    this.bounds = [0, 0, 0, 0];
    this.left = this.top = this.offsetX = this.offsetY = 0;
    this.canvas = element('canvas', { 'aria-hidden': 'true' });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.frame = element('div', { class: 'minimap-frame' });
    this.root = element('div', { class: 'minimap' }, element('span', {}, 'minimap'), this.canvas, this.frame);
    parent.append(this.root);
    /** @param {PointerEvent} event */
    const go = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      centre(this.left + (event.clientX - left - this.offsetX) / this.scale, this.top + (event.clientY - top - this.offsetY) / this.scale);
    };
    this.root.addEventListener('pointerdown', (event) => {
      this.root.setPointerCapture(event.pointerId);
      go(event);
    });
    this.root.addEventListener('pointermove', (event) => event.buttons && go(event));
  }

  /** Draw all boxes and edges. @param {import('./types.js').Drawing} graph @param {(box: import('./types.js').Box) => string} colorOf empty: its own */
  draw(graph, colorOf) {
    const [left, top, right, bottom] = (this.bounds = graph.bounds);
    const ratio = (bottom - top) / Math.max(1, right - left);
    const height = Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, WIDTH * ratio));
    this.scale = Math.min((WIDTH - 2 * MARGIN) / Math.max(1, right - left), (height - 2 * MARGIN) / Math.max(1, bottom - top));
    this.left = left;
    this.top = top;
    this.offsetX = (WIDTH - (right - left) * this.scale) / 2;
    this.offsetY = (height - (bottom - top) * this.scale) / 2;
    this.canvas.width = WIDTH * 2;
    this.canvas.height = height * 2;
    this.canvas.style.width = `${WIDTH}px`;
    this.canvas.style.height = `${height}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    context.scale(2, 2);
    /** @param {import('./types.js').Point} point @returns {import('./types.js').Point} */
    const place = ([x, y]) => [this.offsetX + (x - left) * this.scale, this.offsetY + (y - top) * this.scale];
    const plain = cssVariable('--edge');
    context.strokeStyle = plain;
    context.lineWidth = 0.7;
    context.beginPath();
    for (const edge of graph.edges) {
      edge.points.forEach((point, index) => (index ? context.lineTo(...place(point)) : context.moveTo(...place(point))));
    }
    context.stroke();
    for (const box of graph.nodes) {
      const [x, y] = place([box.x - box.w / 2, box.y - box.h / 2]);
      context.fillStyle = colorOf(box) || box.more.fill || box.more.color || plain;
      context.beginPath();
      context.roundRect(x, y, Math.max(2, box.w * this.scale), Math.max(2, box.h * this.scale), 1.5);
      context.fill();
    }
    this.root.hidden = !graph.nodes.length;
  }

  /**
   * Show which part of the drawing is in sight; where the map would be in the way, only while one is `moving` over the drawing.
   * @param {import('./viewport.js').Viewport} viewport @param {number} width @param {number} height @param {boolean} moving
   */
  look(viewport, width, height, moving) {
    const { x, y, scale } = viewport;
    /** @param {number} value @param {number} most */
    const clamp = (value, most) => Math.max(0, Math.min(most, value));
    const [mapWidth, mapHeight] = [WIDTH, this.canvas.height / 2];
    const x0 = clamp(this.offsetX + (-x / scale - this.left) * this.scale, mapWidth);
    const y0 = clamp(this.offsetY + (-y / scale - this.top) * this.scale, mapHeight);
    const x1 = clamp(this.offsetX + ((width - x) / scale - this.left) * this.scale, mapWidth);
    const y1 = clamp(this.offsetY + ((height - y) / scale - this.top) * this.scale, mapHeight);
    const covers = coveredByMap(this.bounds, viewport, width, height, mapHeight + AROUND);
    this.root.classList.toggle('idle', covers && !moving);
    clearTimeout(this.timer);
    if (moving) this.timer = setTimeout(() => this.root.classList.toggle('idle', covers), LINGER);
    Object.assign(this.frame.style, { left: `${x0}px`, top: `${y0}px`, width: `${x1 - x0}px`, height: `${y1 - y0}px` });
  }
}
