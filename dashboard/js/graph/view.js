/** The inspection panel: draws one level, moves over it, and tells what was clicked. */
import { hover, send } from '../bus.js';
import { element, iconButton, markup } from '../html.js';
import { openMenu } from '../menu.js';
import { onTheme } from '../theme.js';
import { svgOf } from './drawing.js';
import { Minimap } from './minimap.js';
import { centred, fitted, neighbour, whole, zoomed } from './viewport.js';

const SVG = 'http://www.w3.org/2000/svg';
const PAN = 60; // px that an arrow key moves
const ZOOM = 1.25;

export class GraphView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.svg = document.createElementNS(SVG, 'svg');
    this.svg.setAttribute('role', 'application');
    this.svg.setAttribute('tabindex', '-1');
    this.hint = element('div', { class: 'hint' });
    this.tip = element('div', { class: 'tip', role: 'tooltip' });
    const zooms = element(
      'div',
      { class: 'zooms' },
      iconButton('zoom-in', 'Zoom in (+)', () => this.zoom(ZOOM)),
      iconButton('zoom-out', 'Zoom out (−)', () => this.zoom(1 / ZOOM)),
      iconButton('focus-2', 'Show everything (0)', () => this.showAll()),
    );
    this.edges = this.edgeSlider();
    root.append(this.svg, this.hint, this.edges, zooms, this.tip);
    this.minimap = new Minimap(root, (x, y) => this.look(centred(this.viewport, x, y, ...this.size())));
    this.viewport = { x: 0, y: 0, scale: 1 };
    this.graph = null;
    this.text = '';
    this.moved = false;
    this.frame = 0;
    this.properties = {};
    this.stopTheme = onTheme(() => this.graph && this.annotate());
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(root);
    this.listen();
  }

  size() {
    return [this.root.clientWidth, this.root.clientHeight];
  }

  /* ---- properties */

  update(properties) {
    const before = this.properties;
    this.properties = properties;
    const { graph, scores, badges, selected, tool } = properties;
    if (!graph) return;
    const text = JSON.stringify(graph);
    const redrawn = text !== this.text;
    if (redrawn) this.draw(graph, text);
    if (redrawn || scores !== before.scores || badges !== before.badges) this.annotate();
    if (redrawn || selected !== before.selected) this.select(selected);
    this.root.dataset.tool = tool?.name ?? '';
  }

  draw(graph, text) {
    const elsewhere = this.graph?.key !== graph.key;
    const focused = document.activeElement?.closest?.('.graph-view [data-uoa]')?.dataset.uoa;
    const inside = this.root.contains(document.activeElement);
    const grown = !elsewhere && JSON.stringify(this.graph.bounds) !== JSON.stringify(graph.bounds);
    this.graph = graph;
    this.text = text;
    this.svg.setAttribute('class', `level-${graph.level}`);
    this.svg.setAttribute('aria-label', `Inspection panel, ${graph.level}`);
    this.svg.innerHTML = svgOf(graph);
    this.group = this.svg.querySelector('.viewport');
    this.pattern = this.svg.querySelector('#dots');
    this.hint.textContent = graph.hint ?? '';
    this.edges.hidden = graph.level !== 'L1' || !graph.edges.length;
    this.tip.style.opacity = '0';
    if (elsewhere) this.moved = false;
    if (elsewhere || (grown && !this.moved)) this.viewport = fitted(graph, ...this.size());
    const again = focused && this.find(focused);
    if (again) again.focus({ preventScroll: true });
    else if (inside) this.svg.focus({ preventScroll: true }); // what had it is gone; the keys work on
    this.look(this.viewport);
  }

  find(uoa) {
    return this.svg.querySelector(`[data-uoa="${CSS.escape(uoa)}"]`);
  }

  /** Colour the units by their scores and give them their badges, without drawing anything anew. */
  annotate() {
    const scores = this.properties.scores ?? {};
    const badges = this.properties.badges ?? {};
    this.svg.classList.toggle('scored', Object.keys(scores).length > 0);
    for (const unit of this.svg.querySelectorAll('.node,.pictogram[data-uoa]')) {
      const score = scores[unit.dataset.uoa];
      unit.classList.toggle('has-score', Boolean(score));
      if (score) unit.style.setProperty('--score', score.color);
      else unit.style.removeProperty('--score');
    }
    for (const box of this.graph.nodes) {
      const target = this.find(box.uoa)?.querySelector('.annotation');
      if (target) target.innerHTML = annotation(box, scores[box.uoa], badges[box.uoa] ?? []);
    }
    const colors = Object.fromEntries(Object.entries(scores).map(([uoa, score]) => [uoa, score.color]));
    this.minimap.draw(this.graph, colors);
    this.look(this.viewport);
  }

  select(selected) {
    for (const unit of this.svg.querySelectorAll('.selected')) unit.classList.remove('selected');
    if (!selected) return;
    const unit = this.find(selected);
    unit?.classList.add('selected');
    const box = unit && this.graph.nodes.find((node) => node.uoa === unit.closest('.node')?.dataset.uoa);
    if (box && !this.inSight(box)) this.look(centred(this.viewport, box.x, box.y, ...this.size()));
  }

  inSight({ x, y }) {
    const [width, height] = this.size();
    const [left, top] = [x * this.viewport.scale + this.viewport.x, y * this.viewport.scale + this.viewport.y];
    return left > 0 && left < width && top > 0 && top < height;
  }

  /* ---- moving */

  look(viewport) {
    this.viewport = viewport;
    if (this.frame || !this.graph) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { x, y, scale } = this.viewport;
      this.group.setAttribute('transform', `translate(${x},${y}) scale(${scale})`);
      this.pattern.setAttribute('patternTransform', `translate(${x},${y}) scale(${scale})`);
      this.svg.classList.toggle('far', scale < 0.42);
      this.minimap.look(this.viewport, ...this.size(), this.moved);
    });
  }

  zoom(factor, x = this.size()[0] / 2, y = this.size()[1] / 2) {
    this.moved = true;
    this.look(zoomed(this.viewport, factor, x, y));
  }

  showAll() {
    this.moved = false;
    this.look(whole(this.graph.bounds, ...this.size()));
  }

  resized() {
    if (!this.graph) return;
    if (this.moved) this.look(this.viewport);
    else this.look(fitted(this.graph, ...this.size()));
  }

  /* ---- pointer and keyboard */

  listen() {
    const { svg } = this;
    let drag = null;
    svg.addEventListener('pointerdown', (event) => {
      if (event.button === 0) drag = { x: event.clientX - this.viewport.x, y: event.clientY - this.viewport.y, at: [event.clientX, event.clientY], far: false };
    });
    svg.addEventListener('pointermove', (event) => {
      this.point(event, drag?.far);
      if (!drag || !event.buttons) return;
      if (!drag.far && Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) < 4) return;
      if (!drag.far) svg.setPointerCapture(event.pointerId);
      drag.far = this.moved = true;
      svg.classList.add('panning');
      this.look({ ...this.viewport, x: event.clientX - drag.x, y: event.clientY - drag.y });
    });
    svg.addEventListener('pointerup', () => svg.classList.remove('panning'));
    svg.addEventListener('pointerleave', () => this.point(null));
    svg.addEventListener('click', (event) => {
      const dragged = drag?.far;
      drag = null;
      if (!dragged) this.click(event.target);
    });
    svg.addEventListener('dblclick', (event) => this.descend(event.target.closest('[data-uoa]')));
    svg.addEventListener('contextmenu', (event) => this.menu(event));
    svg.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.root.addEventListener('keydown', (event) => this.key(event));
    svg.addEventListener('focusin', (event) => this.focused(event.target));
  }

  wheel(event) {
    event.preventDefault();
    const { left, top } = this.root.getBoundingClientRect();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.moved = true;
      this.look({ ...this.viewport, x: this.viewport.x - (event.deltaX || event.deltaY) });
    } else {
      this.zoom(Math.exp(-event.deltaY * 0.0016), event.clientX - left, event.clientY - top);
    }
  }

  /** Tell about the unit under the pointer, and whether the chosen tool fits it. */
  point(event, dragging = false) {
    const target = event?.target.closest?.('[data-tip]');
    const unit = event?.target.closest?.('[data-uoa]');
    const { tool } = this.properties;
    const fits = tool && unit && this.fitting(unit, tool.name);
    this.svg.classList.toggle('tool-fits', Boolean(tool && fits));
    this.svg.classList.toggle('tool-unfit', Boolean(tool && unit && !fits));
    const tip = target?.dataset.tip;
    if (!tip || dragging) {
      this.tip.style.opacity = '0';
      return;
    }
    this.tip.textContent = tool && unit ? `${tip}\n${fits ? `Click: ${tool.title}` : `${tool.title} does not fit here`}` : tip;
    const { left, top } = this.root.getBoundingClientRect();
    const x = Math.min(event.clientX - left + 14, this.root.clientWidth - this.tip.offsetWidth - 8);
    const below = event.clientY - top + 16;
    const y = below + this.tip.offsetHeight > this.root.clientHeight ? below - this.tip.offsetHeight - 30 : below;
    Object.assign(this.tip.style, { opacity: '1', transform: `translate(${x}px,${y}px)` });
  }

  click(target) {
    const unit = target.closest('[data-uoa]');
    const { tool } = this.properties;
    if (!unit) return send({ type: 'select', uoa: '' });
    if (!tool) return send({ type: 'select', uoa: unit.dataset.uoa });
    const fitting = this.fitting(unit, tool.name);
    if (fitting) return send({ type: 'apply', uoa: fitting.dataset.uoa, tool: tool.name });
    return undefined;
  }

  /** Return the unit, the nearest one around it, or the only one inside it that a tool fits. */
  fitting(unit, tool) {
    for (let each = unit; each; each = each.parentElement?.closest('[data-uoa]')) {
      if (each.dataset.fits.split(' ').includes(tool)) return each;
    }
    const inside = unit ? unit.querySelectorAll(`[data-fits~="${CSS.escape(tool)}"]`) : [];
    return inside.length === 1 ? inside[0] : null;
  }

  descend(unit) {
    if (unit) send({ type: 'descend', uoa: unit.dataset.uoa, kind: unit.dataset.kind });
  }

  menu(event) {
    const unit = event.target.closest('[data-uoa]');
    if (!unit) return;
    event.preventDefault();
    this.tip.style.opacity = '0';
    const tools = (this.properties.tools ?? []).filter(({ name }) => unit.dataset.fits.split(' ').includes(name));
    const { uoa, kind } = unit.dataset;
    const { left, bottom } = unit.getBoundingClientRect();
    const entries = tools.map(({ name, title, icon }) => ({ title, icon, choose: () => send({ type: 'apply', uoa, tool: name }) }));
    if (kind !== 'experiment' && kind !== 'unit') entries.unshift({ title: 'Look inside', icon: 'zoom-in', choose: () => this.descend(unit) });
    if (entries.length) openMenu(event.clientX || left, event.clientY || bottom, entries, unit);
  }

  key(event) {
    const unit = event.target.closest('[data-uoa]');
    const actions = {
      Enter: () => this.descend(unit),
      ' ': () => unit && this.click(unit),
      Escape: () => send(this.properties.tool ? { type: 'tool', name: 'select' } : { type: 'ascend' }),
      '+': () => this.zoom(ZOOM),
      '-': () => this.zoom(1 / ZOOM),
      0: () => this.showAll(),
    };
    if (event.key in actions && !event.target.closest('button,input')) actions[event.key]();
    else if (event.key.startsWith('Arrow') && !event.target.closest('input')) this.arrow(event.key, unit);
    else return;
    event.preventDefault();
  }

  arrow(key, unit) {
    const from = this.graph.nodes.find(({ uoa }) => uoa === unit?.closest('.node')?.dataset.uoa);
    const next = from && neighbour(from, this.graph.nodes, key);
    if (next) return this.find(next.uoa).focus();
    if (from) return undefined;
    const [dx, dy] = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[key];
    this.moved = true;
    return this.look({ ...this.viewport, x: this.viewport.x + dx, y: this.viewport.y + dy });
  }

  focused(target) {
    const box = this.graph.nodes.find(({ uoa }) => uoa === target.dataset.uoa);
    if (box && target.matches(':focus-visible') && !this.inSight(box)) this.look(centred(this.viewport, box.x, box.y, ...this.size()));
  }

  edgeSlider() {
    const slider = element('input', { type: 'range', min: 5, max: 200, step: 5, value: 40, 'aria-label': 'Number of weights drawn' });
    const value = element('span', {}, '40');
    slider.addEventListener('input', () => (value.textContent = slider.value));
    slider.addEventListener('change', () => send({ type: 'edges', value: Number(slider.value) }));
    return element('label', { class: 'edge-slider', hidden: true }, 'weights', slider, value);
  }

  destroy() {
    this.stopTheme();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    hover('');
  }
}

/** Return a box's score and badges as SVG, from its upper right corner leftwards. */
function annotation(box, score, badges) {
  if (box.kind === 'neuron') return markup``;
  let x = box.w - 12;
  const parts = [];
  if (score) {
    parts.push(markup`<g class="score" data-tip="${score.tip}"><rect x="${x - 38}" y="6" width="38" height="18" rx="9" fill="${score.color}"/>
      <text x="${x - 19}" y="19" text-anchor="middle" style="fill:${score.ink}">${score.text}</text></g>`);
    x -= 46;
  }
  for (const { text, color, title } of badges.slice(0, 4)) {
    parts.push(markup`<g class="badge" data-tip="${title}" transform="translate(${x - 10},15)"><circle r="9.5" fill="${color}"/><text y="3.6" text-anchor="middle">${text}</text></g>`);
    x -= 21;
  }
  return markup`${parts}`;
}
