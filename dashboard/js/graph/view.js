/** The inspection panel: one level of the store, with everything that lies over it. */
import { answered, hand, hover, onHover } from '../bus.js';
import { element, iconButton } from '../html.js';
import { onTheme } from '../theme.js';
import { scoreOf } from './annotation.js';
import { Camera } from './camera.js';
import { ComparisonBar } from './comparing.js';
import { Keyboard, ZOOM } from './keyboard.js';
import { Minimap } from './minimap.js';
import { Pointer } from './pointer.js';
import { Scene, noted } from './scene.js';
import { edgeSlider } from './slider.js';
import { Tip } from './tip.js';
import { Units } from './units.js';

/** @typedef {import('./types.js').Drawing} Drawing */
/** @typedef {import('./types.js').Properties} Properties */

export class GraphView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.scene = new Scene(root);
    this.units = new Units();
    this.hint = element('div', { class: 'hint' });
    this.slider = edgeSlider();
    this.comparison = new ComparisonBar();
    root.append(this.hint, this.comparison.root, this.slider, this.zooms());
    this.tip = new Tip(root);
    this.camera = new Camera(root, (...looked) => this.paint(...looked));
    this.minimap = new Minimap(root, (x, y) => this.camera.centre(x, y));
    this.pointer = new Pointer(this);
    this.keyboard = new Keyboard(this);
    /** @type {Properties} */
    this.properties = {};
    this.stops = [onTheme(() => this.recolor()), onHover((uoa) => this.light(uoa))];
  }

  zooms() {
    return element(
      'div',
      { class: 'zooms' },
      iconButton('zoom-in', 'Zoom in (+)', () => this.camera.zoom(ZOOM)),
      iconButton('zoom-out', 'Zoom out (−)', () => this.camera.zoom(1 / ZOOM)),
      iconButton('focus-2', 'Show everything (0)', () => this.camera.showAll()),
    );
  }

  /** @param {Properties} properties */
  update(properties) {
    const before = this.properties;
    this.properties = properties;
    const { graph, changes, scores, badges, selected = '', tool, tools } = properties;
    hand.tell(tool?.name ?? '', answered());
    this.units.tools = tools ?? [];
    this.units.selected = selected;
    this.root.dataset.tool = tool?.name ?? '';
    if (!graph) return;
    const drawn = graph !== before.graph;
    if (drawn) this.draw(noted(JSON.parse(graph), changes));
    else if (changes && changes !== before.changes) {
      this.scene.tell(changes);
      this.camera.again();
    }
    if (drawn || scores !== before.scores || badges !== before.badges) this.annotate();
    if (drawn || selected !== before.selected) this.select(selected);
  }

  /** @param {Drawing} graph */
  draw(graph) {
    this.units.graph = graph;
    const { scene, camera } = this;
    const before = scene.graph;
    const elsewhere = before.key !== graph.key;
    const held = this.held();
    this.keepInPlace(before, graph);
    scene.draw(graph);
    this.units.unfolding = '';
    this.hint.textContent = graph.hint ?? '';
    this.comparison.update(graph.comparison);
    this.slider.hidden = graph.level !== 'L1' || !graph.edges.length;
    this.tip.hide();
    camera.turn(graph, elsewhere, JSON.stringify(before.bounds) !== JSON.stringify(graph.bounds));
    this.paint(camera.viewport, ...camera.size(), camera.moved);
    if (held !== null) (scene.reach(held) ?? scene.svg).focus({ preventScroll: true }); // what had it may be gone; the keys work on
  }

  /** Return which unit has the focus; empty where something else in the panel has it, null where nothing has. */
  held() {
    const focused = document.activeElement;
    if (!focused || !this.root.contains(focused)) return null;
    return focused.closest('[data-uoa]')?.getAttribute('data-uoa') ?? '';
  }

  /** What is unfolded or folded stays where it is on the screen. @param {Drawing} before @param {Drawing} after */
  keepInPlace(before, after) {
    const uoa = this.units.unfolding;
    const [from, to] = [beginning(before, uoa), beginning(after, uoa)];
    if (!uoa || before.key !== after.key || !from || !to) return;
    const { scale } = this.camera.viewport;
    this.camera.pan((from.x - to.x) * scale, (from.y - to.y) * scale);
    this.camera.reveal(to);
  }

  annotate() {
    const { scores, badges } = this.properties;
    this.scene.annotate(scores ? JSON.parse(scores) : {}, badges ? JSON.parse(badges) : {});
    this.minimap.draw(this.scene.graph, (box) => scoreOf(box, this.scene.scores)?.color ?? '');
    this.camera.again();
  }

  recolor() {
    this.scene.far.recolor();
    if (this.properties.graph) this.annotate();
  }

  /** @param {string} uoa */
  select(uoa) {
    this.scene.select(uoa);
    const box = this.scene.box(uoa);
    if (box) this.camera.reveal(box);
    this.camera.again();
  }

  /** @param {string} uoa */
  light(uoa) {
    this.scene.light(uoa);
    if (this.scene.distant) this.camera.again();
  }

  /** @param {import('./viewport.js').Viewport} viewport @param {number} width @param {number} height @param {boolean} moved */
  paint(viewport, width, height, moved) {
    this.scene.show(viewport, width, height);
    this.minimap.look(viewport, width, height, moved);
  }

  destroy() {
    for (const stop of this.stops) stop();
    this.camera.destroy();
    hover('');
  }
}

/**
 * Return the middle of the upper side of a box, or of the first box in an open frame.
 * @param {Drawing} graph @param {string} uoa @returns {{x: number, y: number} | undefined}
 */
function beginning({ nodes, frames }, uoa) {
  const frame = frames.find((each) => each.uoa === uoa);
  const box = frame
    ? nodes.find(({ x, y }) => x > frame.x && x < frame.x + frame.w && y > frame.y && y < frame.y + frame.h)
    : nodes.find((each) => each.uoa === uoa);
  return box && { x: box.x, y: box.y - box.h / 2 };
}
