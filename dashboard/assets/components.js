/* Registers the page's own components with Dash. Each is a plain class in a module below /static/js:
   constructed once with its element, updated with its properties, destroyed with the page. */
(function () {
  'use strict';

  /** Return a React component that hands its properties on to the class `name` of `module`. */
  function bridge(module, name, className) {
    return function Bridge(properties) {
      const element = React.useRef(null);
      const view = React.useRef(null);
      const latest = React.useRef(properties);
      latest.current = properties;
      React.useEffect(() => {
        let gone = false;
        import(module).then((loaded) => {
          if (gone) return;
          view.current = new loaded[name](element.current);
          view.current.update(latest.current);
        });
        return () => {
          gone = true;
          if (view.current) view.current.destroy();
        };
      }, []);
      React.useEffect(() => {
        if (view.current) view.current.update(properties);
      });
      return React.createElement('div', { id: properties.id, ref: element, className });
    };
  }

  window.inspectree = {
    GraphView: bridge('/static/js/graph/view.js', 'GraphView', 'graph-view'),
    WidgetPanel: bridge('/static/js/widgets/panel.js', 'WidgetPanel', 'widget-panel'),
    MatrixView: bridge('/static/js/matrix.js', 'MatrixView', 'matrix-view'),
    CheckpointBar: bridge('/static/js/checkpoints.js', 'CheckpointBar', 'checkpoint-bar'),
  };

  /* What the search box shows: everything that the server found, of the rest what holds what was typed. */
  window.dashMantineFunctions = window.dashMantineFunctions || {};
  window.dashMantineFunctions.findable = ({ options, search }) => {
    const typed = search.trim().toLowerCase();
    const fits = ({ label, value }) => label.toLowerCase().includes(typed) || value.includes('"by": "words"');
    return options.map((group) => ({ ...group, items: group.items.filter(fits) })).filter(({ items }) => items.length);
  };
  import('/static/js/page.js');
})();
