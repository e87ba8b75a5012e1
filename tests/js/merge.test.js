/** What can become one, what not and why; members stay apart by colour. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bands, merged, shade, whyNotMerged } from '../../dashboard/js/widgets/merge.js';

const trace = (more = {}) => ({ type: 'scatter', mode: 'lines', x: [0, 1], y: [2, 3], line: { color: '#000000', width: 3, dash: 'dash' }, hovertemplate: '%{y}<extra>old</extra>', ...more });
const member = (name, color, traces, merge = 'lines', more = {}) => ({ name, color, content: { merge, figure: { data: traces, layout: { height: 100, xaxis: { title: { text: 'epoch' } } } }, ...more } });
const table = (name, columns, rows, more = {}) => ({ name, color: '#fff', content: { table: { columns: columns.map((each) => ({ name: each, title: each, kind: 'text' })), rows, ...more } } });

test('lines of two members are both there, each in its colour and its own style', () => {
  const { figure } = merged([member('one', '#ff0000', [trace()]), member('two', '#0000ff', [trace({ y: [7, 8], line: { color: '#000', width: 1 } })])]);
  assert.deepEqual(figure.data.map(({ y }) => y), [[2, 3], [7, 8]]);
  assert.deepEqual(figure.data.map(({ line }) => line), [{ color: '#ff0000', width: 3, dash: 'dash' }, { color: '#0000ff', width: 1 }]);
  assert.deepEqual(figure.data.map(({ name }) => name), ['one', 'two']);
  assert.equal(figure.data[0].hovertemplate, '%{y}<extra>one</extra>');
});

test('several lines of one member are shades of its colour, with their names', () => {
  const { figure } = merged([member('one', '#ff0000', [trace({ name: 'a' }), trace({ name: 'b' })]), member('two', '#0000ff', [trace()])]);
  const colors = figure.data.map(({ line }) => line.color);
  assert.equal(new Set(colors).size, 3);
  assert.equal(figure.data[1].name, 'one · b');
});

test('what all captions say is said of the whole', () => {
  const told = (...captions) => merged(captions.map((caption, index) => member(String(index), '#ff0000', [trace()], 'lines', { caption }))).caption;
  assert.equal(told('loss · solid: validation · best 0.2', 'loss · solid: validation · best 0.3'), 'loss · solid: validation');
  assert.equal(told('loss', 'accuracy'), undefined);
});

test('histograms are seen through one another', () => {
  const bar = { type: 'bar', x: [0], y: [1], marker: { color: 'x' } };
  const { figure } = merged([member('one', '#ff0000', [bar], 'histogram'), member('two', '#0000ff', [bar], 'histogram')]);
  assert.equal(figure.layout.barmode, 'overlay');
  assert.ok(figure.data.every(({ opacity }) => opacity < 1));
  assert.deepEqual(figure.data.map(({ marker }) => marker.color), ['#ff0000', '#0000ff']);
});

test('bars of names stand beside each other', () => {
  const bar = { type: 'bar', x: ['a', 'b'], y: [1, 2] };
  const { figure } = merged([member('one', '#ff0000', [bar], 'bars'), member('two', '#0000ff', [bar], 'bars')]);
  assert.equal(figure.layout.barmode, 'group');
  assert.notEqual(figure.data[0].offsetgroup, figure.data[1].offsetgroup);
});

test('boxes of the same groups stand beside each other, those of others after one another', () => {
  const box = (place) => ({ type: 'box', x: [place], q1: [1], line: {} });
  const boxes = (name, ticktext) => ({ name, color: '#ff0000', content: { merge: 'boxes', figure: { data: ticktext.map((_, place) => box(place)), layout: { xaxis: { tickvals: ticktext.map((_, place) => place), ticktext } } } } });
  const same = merged([boxes('one', ['a', 'b']), boxes('two', ['a', 'b'])]).figure;
  assert.deepEqual(same.data.map(({ x }) => x[0]), [0, 1, 0, 1]);
  assert.equal(same.layout.boxmode, 'group');
  assert.deepEqual([...new Set(same.data.map(({ line }) => line.color))], ['#ff0000']);
  const other = merged([boxes('one', ['a', 'b']), boxes('two', ['c'])]).figure;
  assert.deepEqual(other.data.map(({ x }) => x[0]), [0, 1, 2]);
  assert.deepEqual(other.layout.xaxis.ticktext, ['a', 'b', 'c']);
  assert.deepEqual(other.layout.xaxis.tickvals, [0, 1, 2]);
});

test('tables of the same columns become one, which tells the widget of each row', () => {
  const { table: one } = merged([table('first', ['a'], [[1]], { uoas: ['m/1'] }), table('second', ['a'], [[2], [3]], { uoas: ['m/2', 'm/3'] })]);
  assert.deepEqual(one.rows, [['first', 1], ['second', 2], ['second', 3]]);
  assert.deepEqual(one.columns.map(({ name }) => name), ['widget', 'a']);
  assert.deepEqual(one.uoas, ['m/1', 'm/2', 'm/3']);
});

test('rows of the same sample stand together, in the order of the first table', () => {
  const of = (name, samples, space) => {
    const one = table(name, ['of'], samples.map((sample) => [`${name}${sample}`]), { samples });
    return { ...one, content: { ...one.content, space } };
  };
  const { table: one } = merged([of('a', [7, 3, 9], 's'), of('b', [9, 7, 1], 's')]);
  assert.deepEqual(one.rows.map((row) => row[1]), ['a7', 'b7', 'a3', 'a9', 'b9', 'b1']);
  assert.deepEqual(one.samples, [7, 7, 3, 9, 9, 1]);
  const { table: apart } = merged([of('a', [7, 3], 's'), of('b', [7], 'other')]);
  assert.deepEqual(apart.rows.map((row) => row[1]), ['a7', 'a3', 'b7'], 'sample 7 of other data is another sample');
});

test('samples stay linked only where they are the same ones', () => {
  const points = (space) => member('one', '#ff0000', [trace({ meta: { samples: [4, 5] } })], 'scatter', { space });
  assert.equal(merged([points('s'), points('s')]).space, 's');
  assert.deepEqual(merged([points('s'), points('s')]).figure.data[0].meta.samples, [4, 5]);
  const apart = merged([points('s'), points('t')]);
  assert.equal(apart.space, undefined);
  assert.equal(apart.figure.data[0].meta.samples, undefined);
});

test('what cannot become one says why', () => {
  const line = member('one', '#ff0000', [trace()]);
  assert.equal(whyNotMerged([line, line]), '');
  assert.match(whyNotMerged([line, member('two', '#0000ff', [trace()], 'bars')]), /different kinds: lines, bars/);
  assert.match(whyNotMerged([line, { name: 'x', color: '', content: { pictures: [] } }]), /one kind/);
  assert.match(whyNotMerged([line, { name: 'x', color: '', content: { error: 'no' } }]), /nothing to show/);
  assert.match(whyNotMerged([line, member('two', '#0000ff', [trace({ xaxis: 'x2' })])]), /several panels/);
  assert.match(whyNotMerged([line, member('two', '#0000ff', [trace({ x: ['a', 'b'] })])]), /names along the axis/);
  assert.match(whyNotMerged([table('a', ['x'], []), table('b', ['y'], [])]), /different columns/);
  assert.equal(whyNotMerged([table('a', ['x'], []), table('b', ['x'], [])]), '');
  const steps = member('two', '#0000ff', [trace()]);
  steps.content.figure.layout.xaxis = { title: { text: 'step' } };
  assert.match(whyNotMerged([line, steps]), /different things: epoch, step/);
});

test('a colour is read however it is written', () => {
  assert.deepEqual(bands('#4c6ef5'), [76, 110, 245]);
  assert.deepEqual(bands('rgb(1, 2,3)'), [1, 2, 3]);
  assert.deepEqual(bands('hsl(120 100% 25%)'), [0, 128, 0]);
  assert.deepEqual(bands('hsl(0 0% 100%)'), [255, 255, 255]);
  assert.notEqual(shade('#000000', 1), shade('#000000', 2));
});
