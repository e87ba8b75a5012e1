/** Lines to copy, with what the page knows in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filled } from '../../dashboard/js/widgets/lines.js';

test('the address and the store are filled in, quoted as each language wants them', () => {
  const lines = 'open_store({store}).query("m")\ninspectree query {store:shell} m\ncurl {address}/api/values';
  assert.equal(
    filled(lines, 'http://127.0.0.1:8600', "it's $1 & more"),
    `open_store("it's $1 & more").query("m")\ninspectree query 'it'"'"'s $1 & more' m\ncurl http://127.0.0.1:8600/api/values`,
  );
});
