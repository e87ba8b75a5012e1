/** What was asked, as programs. That they run is tested in Python. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asCurl, asPython, literal } from '../../dashboard/js/widgets/queries.js';

const values = { method: 'POST', path: '/api/values', body: { uoa: 'm@1/l/kernel', pipeline: [{ op: 'histogram', bins: 4, log: true, range: null }] } };
const SERVER = 'http://127.0.0.1:8600';

test('values are asked of the store', () => {
  assert.equal(
    asPython([values], 'runs', SERVER),
    'from inspectree.server import open_store\n\nstore = open_store("runs")  # the folder that is served\n' +
      'answer = store.query("m@1/l/kernel", [{"op": "histogram", "bins": 4, "log": True, "range": None}])',
  );
});

test('a question that was asked twice is there once, a batch is its questions', () => {
  const batch = { method: 'POST', path: '/api/values/batch', body: { queries: [{ uoa: 'a', pipeline: [] }, { uoa: 'b', pipeline: [] }] } };
  const text = asPython([values, values, batch], 'runs', SERVER);
  assert.match(text, /answer_1 = store\.query\("m@1.*\nanswer_2 = store\.query\("a"\)\nanswer_3 = store\.query\("b"\)$/);
});

test('what no store answers is asked of the server', () => {
  const text = asPython([{ method: 'GET', path: '/api/models/m/history', body: null }], 'runs', SERVER);
  assert.match(text, /urlopen\("http:\/\/127\.0\.0\.1:8600\/api\/models\/m\/history"\) as response:\n {4}answer = json\.load\(response\)$/);
  assert.doesNotMatch(text, /open_store/);
});

test('JSON is written as Python writes it', () => {
  assert.equal(literal({ a: [true, false, null, 'say "hü"', -0.5] }), '{"a": [True, False, None, "say \\"hü\\"", -0.5]}');
});

test('curl sends JSON, whatever stands in it', () => {
  const body = { uoa: "it's", pipeline: [] };
  assert.equal(
    asCurl([{ method: 'POST', path: '/api/values', body }, { method: 'GET', path: '/api/health', body: null }], SERVER),
    `curl -s 'http://127.0.0.1:8600/api/values' -H 'Content-Type: application/json' -d '{"uoa":"it'"'"'s","pipeline":[]}'\ncurl -s 'http://127.0.0.1:8600/api/health'`,
  );
});
