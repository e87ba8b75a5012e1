/** What of a drawing is in the document: all of it, or of a big one what is in sight, or the canvas seen from far. */
import { ancestors } from '../bus.js';
import { annotation, badgesOf, scoreOf } from './annotation.js';
import { Culled, grown, holds, meets } from './culled.js';
import { boxMarkup, edgeMarkup, frameMarkup, shell } from './drawing.js';
import { Far, extentOf } from './far.js';
import { Sheet } from './sheet.js';

/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Line} Line */
/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').Bounds} Bounds */
/** @typedef {import('./types.js').Drawing} Drawing */
/** @typedef {import('./viewport.js').Viewport} Viewport */

const SVG = 'http://www.w3.org/2000/svg';
const WHOLE = 150; // boxes up to which everything is in the document
const SMALL = { enter: 0.3, leave: 0.32 }; // scale below which boxes are seen from far
const CROWDED = { enter: 300, leave: 240 }; // boxes in sight above which they are
const AHEAD = 0.15; // share of what is in sight that is attached besides on each side
const BEHIND = 0.5; // share that may be left there by zooming in: what is attached costs whenever it is moved

/** Scales below which only names are shown, and below which labels are larger. Models' text is small. */
const SCALES = { L3: { far: 0.55, middle: 0.8 }, L2: { far: 0.42, middle: 0.75 }, L1: { far: 0.42, middle: 0.75 } };

export class Scene {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.svg = document.createElementNS(SVG, 'svg');
    this.svg.setAttribute('role', 'application');
    this.svg.innerHTML = String(shell());
    root.append(this.svg);
    this.far = new Far(root);
    /** @param {string} selector */
    const part = (selector) => /** @type {SVGGElement} */ (this.svg.querySelector(selector));
    this.sheet = new Sheet(this.svg, part('.viewport'), /** @type {SVGPatternElement} */ (this.svg.querySelector('#dots')));
    /** @type {Culled<Frame>} */
    this.frames = new Culled(part('.frames'), frameMarkup, (element, frame) => this.marked(element, frame.uoa));
    /** @type {Culled<Line>} */
    this.edges = new Culled(part('.edges'), edgeMarkup, (element, line) => this.reachable(element, line));
    /** @type {Culled<Box>} */
    this.boxes = new Culled(part('.nodes'), boxMarkup, (element, box) => this.decorated(element, box));
    /** @type {Drawing} */
    this.graph = { key: '', level: 'L3', nodes: [], edges: [], frames: [], bounds: [0, 0, 0, 0] };
    /** @type {Map<string, number>} which box a path is, or is folded in */
    this.places = new Map();
    /** @type {Record<string, import('./types.js').Score>} */
    this.scores = {};
    /** @type {Record<string, import('./types.js').Badge[]>} */
    this.badges = {};
    this.selected = '';
    this.lit = '';
    this.pointed = -1;
    this.distant = false;
    /** @type {Bounds | null} what is attached */
    this.ahead = null;
  }

  get big() {
    return this.graph.nodes.length > WHOLE;
  }

  /** @param {Drawing} graph */
  draw(graph) {
    this.graph = graph;
    this.svg.setAttribute('class', `level-${graph.level}${this.big ? ' big' : ''}`);
    this.svg.setAttribute('aria-label', `Inspection panel, ${graph.level}`);
    this.svg.setAttribute('tabindex', this.big ? '0' : '-1');
    this.places = new Map(graph.nodes.flatMap(({ uoa, members = [] }, index) => [uoa, ...members].map((each) => [each, index])));
    this.frames.draw(graph.frames, graph.frames.map(({ x, y, w, h }) => [x - 8, y - 14, x + w + 8, y + h + 8]));
    this.edges.draw(graph.edges, graph.edges.map(extentOfLine));
    this.boxes.draw(graph.nodes, graph.nodes.map(extentOf));
    this.ahead = null;
    this.pointed = -1;
    this.distant = false;
    if (!this.big) for (const part of [this.frames, this.edges, this.boxes]) part.all();
  }

  /** Write at edges what changed along them, which is known some time after they are drawn. @param {string} changes */
  tell(changes) {
    const { edges } = noted(this.graph, changes);
    this.edges.draw(edges, edges.map(extentOfLine));
    this.ahead = null;
    if (!this.big) this.edges.all();
  }

  /* ---- what is in sight */

  /** @param {Viewport} viewport @param {number} width @param {number} height */
  show(viewport, width, height) {
    const { x, y, scale } = viewport;
    this.sheet.lay(viewport);
    /** @type {Bounds} */
    const sight = [-x / scale, -y / scale, (width - x) / scale, (height - y) / scale];
    this.distant = this.big && this.isDistant(scale, sight);
    for (const [name, limit] of Object.entries(SCALES[this.graph.level])) this.svg.classList.toggle(name, scale < limit);
    this.svg.classList.toggle('distant', this.distant);
    if (this.big) this.cull(sight);
    if (!this.distant) this.far.hide();
    else {
      const selected = this.placeOf(this.selected);
      const lit = this.placeOf(this.lit);
      this.far.show(this.graph, this.edges.extents, viewport, width, height, {
        fill: (box) => scoreOf(box, this.scores)?.color ?? box.more.fill ?? box.more.color ?? '',
        selected: (box) => box === this.graph.nodes[selected],
        lit: (box) => box === this.graph.nodes[lit] || (lit >= 0 && box.twin === this.graph.nodes[lit].uoa),
      });
    }
  }

  /** @param {number} scale @param {Bounds} sight */
  isDistant(scale, sight) {
    if (scale < (this.distant ? SMALL.leave : SMALL.enter)) return true;
    const inSight = this.boxes.extents.reduce((count, extent) => count + Number(meets(extent, sight)), 0);
    return inSight > (this.distant ? CROWDED.leave : CROWDED.enter);
  }

  /** Attach what is in sight and somewhat beyond, unless it is there already. @param {Bounds} sight */
  cull(sight) {
    if (this.distant) {
      if (this.ahead || this.boxes.attached.size > this.kept().size) this.attach(null);
    } else if (!this.ahead || !holds(this.ahead, sight) || holds(this.ahead, grown(sight, BEHIND))) {
      this.attach(grown(sight, AHEAD));
    }
  }

  /** @param {Bounds | null} area */
  attach(area) {
    this.ahead = area;
    this.boxes.show(area, this.kept());
    this.edges.show(area, this.edges.focused());
    this.frames.show(area, this.frames.focused());
  }

  /** What has the focus, or the pointer, is there even where the rest is on the canvas. */
  kept() {
    const focused = document.activeElement?.closest('.graph-view .node');
    const places = [this.pointed, focused instanceof SVGElement ? this.placeOf(focused.dataset.uoa ?? '') : -1];
    return new Set(places.filter((place) => place >= 0));
  }

  /* ---- finding */

  /** Return the element of a unit, if it is in the document. @param {string} uoa @returns {HTMLElement | null} */
  find(uoa) {
    return this.svg.querySelector(`[data-uoa="${CSS.escape(uoa)}"]`);
  }

  /** Return the element of a box or a frame, put into the document if need be. @param {string} uoa */
  reach(uoa) {
    const place = this.places.get(uoa);
    if (place !== undefined && this.graph.nodes[place].uoa === uoa) this.boxes.attach([place]);
    else this.frames.attach([this.graph.frames.findIndex((frame) => frame.uoa === uoa)].filter((index) => index >= 0));
    return this.find(uoa);
  }

  /** Return the element of an edge, put into the document if need be. @param {Line} line */
  reachLine(line) {
    const place = this.graph.edges.indexOf(line);
    this.edges.attach([place]);
    return this.edges.attached.get(place);
  }

  /** Return which box a unit is, is in, or is folded in; -1 where there is none. @param {string} uoa */
  placeOf(uoa) {
    const path = uoa && [uoa, ...ancestors(uoa)].find((each) => this.places.has(each));
    return path ? (this.places.get(path) ?? -1) : -1;
  }

  /** @param {string} uoa @returns {Box | undefined} */
  box(uoa) {
    return this.graph.nodes[this.placeOf(uoa)];
  }

  /** Return the innermost open frame around a box. @param {Box} box */
  frameAround({ x, y }) {
    return this.graph.frames.findLast((frame) => frame.folds && x > frame.x && x < frame.x + frame.w && y > frame.y && y < frame.y + frame.h);
  }

  /**
   * Return the element of what the canvas shows at a point of the drawing, put into the document; null where nothing is.
   * @param {number} x @param {number} y
   */
  hit(x, y) {
    if (!this.distant) return null;
    const place = this.boxes.extents.findIndex((extent) => meets(extent, [x, y, x, y]));
    if (place !== this.pointed) {
      this.pointed = place;
      this.attach(null);
    }
    if (place >= 0) return this.find(this.graph.nodes[place].uoa);
    const frame = this.graph.frames.findLast((each) => x > each.x && x < each.x + each.w && y > each.y && y < each.y + each.h);
    return frame ? this.reach(frame.uoa) : null;
  }

  /* ---- what is put on boxes and edges */

  /** An edge of the tree of models can be opened by the keyboard. @param {SVGGElement} element @param {Line} line */
  reachable(element, { source, target, label }) {
    if (this.graph.level !== 'L3') return;
    const [parent, child] = [source, target].map((uoa) => this.box(uoa)?.name ?? uoa);
    const attributes = { tabindex: '-1', role: 'group', 'aria-label': `From ${parent} to ${child}: ${label} parameters. Enter: side by side` };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }

  /** @param {SVGGElement} element @param {Box} box */
  decorated(element, box) {
    this.annotated(element, box);
    this.marked(element, box.uoa);
    for (const unit of /** @type {NodeListOf<SVGGElement>} */ (element.querySelectorAll('.pictogram[data-uoa]'))) this.colored(unit, this.scores[unit.dataset.uoa ?? '']);
    const lit = this.lit ? this.box(this.lit) : undefined;
    if (lit && (lit === box || lit.twin === box.uoa)) element.classList.add('linked');
  }

  /** @param {SVGGElement} element @param {string} uoa */
  marked(element, uoa) {
    const inside = this.selected && !this.places.has(this.selected) ? element.querySelector(`[data-uoa="${CSS.escape(this.selected)}"]`) : null;
    inside?.classList.add('selected');
    if (!inside) element.classList.toggle('selected', Boolean(this.selected) && (uoa === this.selected || this.folds(uoa, this.selected)));
  }

  /** Tell whether a unit is folded in a box. @param {string} box @param {string} uoa */
  folds(box, uoa) {
    const place = this.places.get(uoa);
    return place !== undefined && this.graph.nodes[place].uoa === box;
  }

  /** @param {SVGGElement} element @param {Box} box */
  annotated(element, box) {
    const score = scoreOf(box, this.scores);
    this.colored(element, score);
    const target = element.querySelector('.annotation');
    if (target) target.innerHTML = String(annotation(box, score, badgesOf(box, this.badges)));
  }

  /** @param {SVGGElement} element @param {import('./types.js').Score | undefined} score */
  colored(element, score) {
    element.classList.toggle('has-score', Boolean(score));
    if (score) element.style.setProperty('--score', score.color);
    else element.style.removeProperty('--score');
  }

  /**
   * Colour the units by their scores and give them their badges, without drawing anything anew.
   * @param {Record<string, import('./types.js').Score>} scores @param {Record<string, import('./types.js').Badge[]>} badges
   */
  annotate(scores, badges) {
    [this.scores, this.badges] = [scores, badges];
    this.svg.classList.toggle('scored', Object.keys(scores).length > 0);
    for (const [place, element] of this.boxes.attached) this.decorated(element, this.graph.nodes[place]);
  }

  /** @param {string} uoa */
  select(uoa) {
    this.selected = uoa;
    for (const unit of this.svg.querySelectorAll('.selected')) unit.classList.remove('selected');
    for (const [place, element] of this.boxes.attached) this.marked(element, this.graph.nodes[place].uoa);
    for (const [place, element] of this.frames.attached) this.marked(element, this.graph.frames[place].uoa);
  }

  /** The box of what is hovered anywhere is lit; what is in the document besides is the bus's. @param {string} uoa */
  light(uoa) {
    this.lit = uoa;
    const twin = this.box(uoa)?.twin;
    for (const each of twin ? [uoa, twin] : [uoa]) this.boxes.attached.get(this.placeOf(each))?.classList.add('linked');
  }
}

/** Return a drawing whose edges tell what changed along them. @param {Drawing} graph @param {string | undefined} changes by edges, as JSON */
export function noted(graph, changes) {
  const known = changes ? JSON.parse(changes) : {};
  for (const edge of graph.edges) Object.assign(edge, known[`${edge.source} ${edge.target}`]);
  return graph;
}

/** @param {Line} line @returns {Bounds} */
function extentOfLine({ points }) {
  const [x, y] = [points.map(([each]) => each), points.map(([, each]) => each)];
  return [Math.min(...x) - 8, Math.min(...y) - 8, Math.max(...x) + 8, Math.max(...y) + 8];
}
