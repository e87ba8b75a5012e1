/** The report as text: nothing runs in it, nothing is asked for, names are text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withLegend } from '../../dashboard/js/widgets/picture.js';
import { reportHtml } from '../../dashboard/js/widgets/report.js';

const entry = (more) => ({ title: 'Histogram', where: 'Conv › conv_1', color: '#4c6ef5', about: 'checkpoint 8', settings: [], content: {}, plot: '', python: '', members: [], ...more });
const html = (...entries) => reportHtml({ store: 'runs', version: '1.2', date: '2026-01-02 03:04:05', address: 'http://127.0.0.1:1/#at=x', chapters: [{ level: 'L2', title: 'Layers', entries }] });

test('it tells where from, when, and how to come back', () => {
  const text = html(entry({}));
  for (const told of ['runs', 'inspectree 1.2', '2026-01-02 03:04:05', 'href="http://127.0.0.1:1/#at=x"', 'L2 Layers', 'checkpoint 8']) assert.ok(text.includes(told), told);
});

test('it tells which samples are marked, and marks them', () => {
  const pictures = [{ src: 'data:,', label: 'a', sample: 3 }, { src: 'data:,', label: 'b', sample: 4 }];
  const table = { columns: [{ name: 'a', title: 'a', kind: 'text' }], rows: [['x'], ['y']], samples: [4, 3] };
  const entries = [entry({ content: { pictures, table }, chosen: new Set([3]) })];
  const text = reportHtml({ store: 'runs', version: '1', date: '', address: '', marked: 'Brushed · 1 sample', chapters: [{ level: 'L2', title: 'Layers', entries }] });
  assert.match(text, /Marked samples<\/dt><dd>Brushed · 1 sample/);
  assert.match(text, /<figure class="chosen" title="a">.*<figure class="" title="b">/s);
  assert.match(text, /<tr class=""><td>x<.*<tr class="chosen"><td>y</s);
  assert.ok(!html(entry({})).includes('Marked samples'));
});

test('names are text', () => {
  const evil = '<script>alert(1)</script>';
  const content = { caption: evil, code: evil, series: [{ name: evil, color: 'red' }], table: { columns: [{ name: 'a', title: evil, kind: 'text' }], rows: [[evil], [null], [0.123456789]] } };
  const text = html(entry({ title: evil, where: evil, settings: [{ title: evil, value: evil }], python: evil, content }));
  assert.ok(!text.includes('<script'));
  assert.ok(text.includes('&lt;script&gt;'));
  assert.ok(text.includes('>0.12346<') && text.includes('>–<'));
});

test('a browser that opens it runs nothing and asks nobody', () => {
  assert.ok(html().includes('content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"'));
});

test('empty chapters are left out, members stand in their group', () => {
  assert.ok(!html().includes('Layers'));
  assert.equal(html(entry({ members: [entry({}), entry({})] })).match(/<article>/g).length, 3);
});

test('chips become a legend on paper', () => {
  const figure = { data: [{ x: [1], y: [2] }], layout: {} };
  assert.deepEqual(withLegend(figure, []), figure);
  const told = withLegend(figure, [{ name: 'one', color: 'red' }, { name: 'two', color: 'blue' }]);
  assert.deepEqual(told.data.filter(({ showlegend }) => showlegend).map(({ name }) => name), ['one', 'two']);
});
