/* Registers the page's own components with Dash. Each is a plain class in a module below /static/js:
   constructed once with its element, updated with its properties, destroyed with the page. */
(function () {
  'use strict';

  /** @typedef {{id: string, [name: string]: unknown}} Properties */
  /** @typedef {{update: (properties: Properties) => void, destroy: () => void}} View */
  /** @typedef {{label: string, value: string}} Option */
  /** @typedef {{group: string, items: Option[]}} Group */

  /**
   * Return a React component that hands its properties on to the class `name` of `module`.
   * @param {string} module @param {string} name @param {string} className
   * @param {string} main the property without which it shows what was before: while it is awaited, the element is busy
   */
  function bridge(module, name, className, main = '') {
    return function Bridge(/** @type {Properties} */ properties) {
      const busy = window.dash_component_api.useDashContext().useLoading({ filterFunc: ({ property }) => property === main });
      const element = React.useRef(/** @type {HTMLElement | null} */ (null));
      const view = React.useRef(/** @type {View | null} */ (null));
      const latest = React.useRef(properties);
      latest.current = properties;
      React.useEffect(() => {
        let gone = false;
        import(module).then((loaded) => {
          if (gone) return;
          /** @type {View} */
          const made = new loaded[name](element.current);
          view.current = made;
          made.update(latest.current);
        });
        return () => {
          gone = true;
          if (view.current) view.current.destroy();
        };
      }, []);
      React.useEffect(() => {
        if (view.current) view.current.update(properties);
      });
      return React.createElement('div', { id: properties.id, ref: element, className, 'aria-busy': busy });
    };
  }

  /** @typedef {string | [string, Record<string, unknown>, Tree[]]} Tree text, or an element with its attributes and what is in it */

  /** @param {Tree} tree @returns {unknown} */
  const built = (tree) => (typeof tree === 'string' ? tree : React.createElement(tree[0], tree[1], ...tree[2].map(built)));

  /**
   * A region of the page as one component, whatever it holds.
   * @param {Properties & {tag: string, attributes?: Record<string, unknown>, content?: string}} properties
   */
  function Markup({ id, tag, attributes, content }) {
    const inside = React.useMemo(() => JSON.parse(content ?? '[]').map(built), [content]);
    return React.createElement(tag, { id, ...attributes }, ...inside);
  }

  window.inspectree = {
    Markup,
    GraphView: bridge('/static/js/graph/view.js', 'GraphView', 'graph-view', 'graph'),
    WidgetPanel: bridge('/static/js/widgets/panel.js', 'WidgetPanel', 'widget-panel'),
    MatrixView: bridge('/static/js/matrix.js', 'MatrixView', 'matrix-view'),
    CheckpointBar: bridge('/static/js/checkpoints.js', 'CheckpointBar', 'checkpoint-bar'),
  };

  /* What the search box shows: everything that the server found, of the rest what holds what was typed. */
  window.dashMantineFunctions = window.dashMantineFunctions || {};
  window.dashMantineFunctions.findable = (/** @type {{options: Group[], search: string}} */ { options, search }) => {
    const typed = search.trim().toLowerCase();
    const fits = (/** @type {Option} */ { label, value }) => label.toLowerCase().includes(typed) || value.includes('"by": "words"');
    return options.map((group) => ({ ...group, items: group.items.filter(fits) })).filter(({ items }) => items.length);
  };
  import('/static/js/page.js');
})();
