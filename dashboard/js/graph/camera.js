/** Moving over a drawing: where the panel looks, painted once per frame. */
import { centred, fitted, whole, zoomed } from './viewport.js';

/** @typedef {import('./types.js').Drawing} Drawing */
/** @typedef {import('./viewport.js').Viewport} Viewport */

export class Camera {
  /** @param {HTMLElement} root @param {(viewport: Viewport, width: number, height: number, moved: boolean) => void} paint */
  constructor(root, paint) {
    this.root = root;
    this.paint = paint;
    /** @type {Viewport} */
    this.viewport = { x: 0, y: 0, scale: 1 };
    /** @type {Drawing | null} */
    this.graph = null;
    this.moved = false; // by hand: what is shown is no longer fitted by itself
    /** @type {{x: number, y: number} | null} what was gone to, which stays in sight when the panel changes */
    this.kept = null;
    this.frame = 0;
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(root);
  }

  /** @returns {[number, number]} width and height */
  size() {
    return [this.root.clientWidth, this.root.clientHeight];
  }

  /**
   * Look at another drawing: from the start, or, where it is the same scene, from the same place.
   * @param {Drawing} graph @param {boolean} elsewhere @param {boolean} grown its bounds are others than before
   */
  turn(graph, elsewhere, grown) {
    this.graph = graph;
    if (elsewhere) [this.moved, this.kept] = [false, null];
    if (elsewhere || (grown && !this.moved)) this.viewport = fitted(graph, ...this.size());
    this.look(this.viewport);
  }

  /** @param {Viewport} viewport */
  look(viewport) {
    this.viewport = viewport;
    if (this.frame || !this.graph) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint(this.viewport, ...this.size(), this.moved);
    });
  }

  /** Paint again what is in sight: something else than the place has changed. */
  again() {
    this.look(this.viewport);
  }

  /** @param {number} x @param {number} y px of the screen */
  pan(x, y) {
    this.moved = true;
    this.look({ ...this.viewport, x: this.viewport.x + x, y: this.viewport.y + y });
  }

  /** @param {number} factor @param {number} x @param {number} y the point of the screen that stays */
  zoom(factor, x = this.size()[0] / 2, y = this.size()[1] / 2) {
    this.moved = true;
    this.look(zoomed(this.viewport, factor, x, y));
  }

  showAll() {
    [this.moved, this.kept] = [false, null];
    if (this.graph) this.look(whole(this.graph.bounds, ...this.size()));
  }

  /** @param {number} x @param {number} y a point of the drawing */
  centre(x, y) {
    this.moved = true;
    this.look(centred(this.viewport, x, y, ...this.size()));
  }

  /** Go to a box, unless its middle is in sight. @param {{x: number, y: number}} box */
  reveal(box) {
    this.kept = box;
    const { x, y } = box;
    const [width, height] = this.size();
    const [left, top] = [x * this.viewport.scale + this.viewport.x, y * this.viewport.scale + this.viewport.y];
    if (left <= 0 || left >= width || top <= 0 || top >= height) this.look(centred(this.viewport, x, y, width, height));
  }

  /** Return the point of the drawing at a point of the page. @param {number} clientX @param {number} clientY @returns {[number, number]} */
  at(clientX, clientY) {
    const { left, top } = this.root.getBoundingClientRect();
    return [(clientX - left - this.viewport.x) / this.viewport.scale, (clientY - top - this.viewport.y) / this.viewport.scale];
  }

  resized() {
    if (!this.graph) return;
    if (this.moved) return this.again();
    this.look(fitted(this.graph, ...this.size()));
    if (this.kept) this.reveal(this.kept);
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }
}
