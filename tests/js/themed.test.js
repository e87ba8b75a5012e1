/** Figures know nothing of the page's looks: every axis and every colour scale gets them here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SCALES, scaleOf } from '../../dashboard/js/widgets/scales.js';
import { themedLayout, themedTrace } from '../../dashboard/js/widgets/themed.js';

const palette = { theme: 'dark', ink: '#111', strong: '#000', grid: '#222', card: '#333' };

test('every axis of a figure is themed, and what it says itself stays', () => {
  const layout = themedLayout({ xaxis: { type: 'log' }, xaxis2: { gridcolor: 'red' }, yaxis3: { title: { text: 'loss' } } }, palette);
  assert.equal(layout.xaxis.type, 'log');
  assert.equal(layout.xaxis.gridcolor, '#222');
  assert.equal(layout.xaxis2.gridcolor, 'red');
  assert.equal(layout.yaxis3.title.text, 'loss');
  assert.equal(layout.yaxis3.tickfont.color, '#111');
  assert.equal(layout.yaxis.tickfont.color, '#111');
});

test('margins are kept where a figure gives some', () => {
  assert.deepEqual(themedLayout({ margin: { l: 80 } }, palette).margin, { l: 80, r: 10, t: 8, b: 24 });
});

test('a named colour scale is the theme’s: of a heat map’s cells, of markers’ colours', () => {
  assert.equal(themedTrace({ type: 'heatmap', meta: { scale: 'counts' } }, palette).colorscale, SCALES.counts.dark);
  const scatter = themedTrace({ marker: { color: [1, 2], size: 4 }, meta: { scale: 'values' } }, palette);
  assert.equal(scatter.marker.colorscale, SCALES.values.dark);
  assert.equal(scatter.marker.size, 4);
});

test('an unknown scale changes nothing', () => {
  const trace = { type: 'heatmap', meta: { scale: 'constructor' } };
  assert.equal(themedTrace(trace, palette), trace);
  assert.equal(scaleOf(undefined, 'light'), undefined);
});

test('every scale goes from 0 to 1 upwards, in both themes', () => {
  for (const scale of Object.values(SCALES).flatMap(({ light, dark }) => [light, dark])) {
    const stops = scale.map(([stop]) => stop);
    assert.deepEqual([stops[0], stops.at(-1)], [0, 1]);
    assert.deepEqual(stops, stops.toSorted((a, b) => a - b));
  }
});
