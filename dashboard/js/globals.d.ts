/** What other scripts of the page put beside our modules; only the parts that we use. */

interface DashClientside {
  set_props(id: string, properties: Record<string, unknown>): void;
  no_update: unknown;
}

/** What components can ask Dash for. */
interface DashComponentApi {
  useDashContext(): { useLoading(options: { filterFunc: (awaited: { id: string; property: string }) => boolean }): boolean };
}

/** plotly.js ships no types; figures are plain values that Python made. */
interface PlotlyStatic {
  react(root: HTMLElement, data: object[], layout: object, config?: object): Promise<HTMLElement>;
  toImage(root: HTMLElement | object, options: object): Promise<string>;
  purge(root: HTMLElement): void;
  Plots: { resize(root: HTMLElement): Promise<void> };
}

interface Window {
  /** Our components, and what Dash's clientside callbacks call of our modules. */
  inspectree: Record<string, any>;
  dash_clientside: DashClientside;
  dash_component_api: DashComponentApi;
  dashMantineFunctions?: Record<string, Function>;
  Plotly: PlotlyStatic;
}

/** Dash brings React along, without types. */
declare const React: {
  useRef<T>(initial: T): { current: T };
  useMemo<T>(make: () => T, dependencies: unknown[]): T;
  useEffect(effect: () => void | (() => void), dependencies?: unknown[]): void;
  createElement(type: string, properties: object, ...children: unknown[]): object;
};
