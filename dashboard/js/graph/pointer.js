/** The pointer over the inspection panel: clicks, drags, the wheel, and what is under it. */
import { hover } from '../bus.js';
import { around } from '../html.js';
import { openMenu } from '../menu.js';
import { compare, kinship } from './comparing.js';
import { fitting } from './units.js';

const DRAG = 4; // px below which a press is a click

export class Pointer {
  /** @param {import('./view.js').GraphView} view */
  constructor(view) {
    this.view = view;
    /** @type {{x: number, y: number, at: [number, number], far: boolean} | null} */
    this.drag = null;
    const { svg } = view.scene;
    svg.addEventListener('pointerdown', (event) => this.pressed(event));
    svg.addEventListener('pointermove', (event) => this.moved(event));
    svg.addEventListener('pointerup', () => svg.classList.remove('panning'));
    svg.addEventListener('pointerleave', () => this.left());
    svg.addEventListener('click', (event) => this.clicked(event));
    svg.addEventListener('dblclick', (event) => this.twice(event));
    svg.addEventListener('contextmenu', (event) => this.menu(event));
    svg.addEventListener('wheel', (event) => this.turned(event), { passive: false });
  }

  /** Return the unit under the pointer, on the canvas too. @param {MouseEvent} event */
  unit(event) {
    return around(event, '[data-uoa]') ?? this.view.scene.hit(...this.view.camera.at(event.clientX, event.clientY));
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    const { x, y } = this.view.camera.viewport;
    if (event.button === 0) this.drag = { x: event.clientX - x, y: event.clientY - y, at: [event.clientX, event.clientY], far: false };
  }

  /** @param {PointerEvent} event */
  moved(event) {
    const { drag, view } = this;
    if (!drag?.far) this.tell(event);
    if (!drag || !event.buttons) return;
    if (!drag.far && Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) < DRAG) return;
    if (!drag.far) view.scene.svg.setPointerCapture(event.pointerId);
    drag.far = true;
    view.tip.hide();
    view.scene.svg.classList.add('panning');
    view.camera.pan(event.clientX - drag.x - view.camera.viewport.x, event.clientY - drag.y - view.camera.viewport.y);
  }

  left() {
    this.view.tip.hide();
    if (this.view.scene.distant) this.view.scene.hit(NaN, NaN);
  }

  /** Tell about the unit under the pointer, and whether the chosen tool fits it. @param {PointerEvent} event */
  tell(event) {
    const { scene, tip, units } = this.view;
    const unit = this.unit(event);
    if (scene.distant) hover(unit?.dataset.uoa ?? '');
    const fits = Boolean(units.tool && unit && fitting(unit, units.tool.name));
    scene.svg.classList.toggle('tool-fits', fits);
    scene.svg.classList.toggle('tool-unfit', Boolean(units.tool && unit && !fits));
    const text = around(event, '[data-tip]')?.dataset.tip || (scene.distant && unit?.dataset.tip);
    if (!text) return tip.hide();
    const more = units.tool && unit ? `\n${fits ? `Click: ${units.tool.title}` : `${units.tool.title} does not fit here`}` : '';
    return tip.show(`${text}${more}`, event.clientX, event.clientY);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const dragged = this.drag?.far;
    this.drag = null;
    if (dragged) return;
    const unit = this.unit(event);
    if (unit && around(event, '[data-unfold]')) this.view.units.unfold(unit);
    else this.view.units.choose(unit);
  }

  /** @param {MouseEvent} event */
  twice(event) {
    const unit = this.unit(event);
    const kin = unit ? null : kinship(this.view.scene.graph, around(event, '.edge'));
    if (kin) compare(kin.child, kin.parent);
    if (unit && unit.dataset.kind !== 'fold' && !around(event, '[data-unfold]')) this.view.units.descend(unit);
  }

  /** @param {MouseEvent} event */
  menu(event) {
    const unit = this.unit(event);
    const edge = unit ? null : around(event, '.edge');
    const kin = kinship(this.view.scene.graph, edge);
    if (!unit && !kin) return;
    event.preventDefault();
    this.view.tip.hide();
    if (kin) openMenu(event.clientX, event.clientY, [{ title: 'Compare side by side', icon: 'columns-2', choose: () => compare(kin.child, kin.parent) }], this.view.scene.svg);
    if (!unit) return;
    const { left, bottom } = unit.getBoundingClientRect();
    this.view.units.menu(unit, event.clientX || left, event.clientY || bottom);
  }

  /** @param {WheelEvent} event */
  turned(event) {
    event.preventDefault();
    const { camera, root } = this.view;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return camera.pan(-(event.deltaX || event.deltaY), 0);
    const { left, top } = root.getBoundingClientRect();
    return camera.zoom(Math.exp(-event.deltaY * 0.0016), event.clientX - left, event.clientY - top);
  }
}
