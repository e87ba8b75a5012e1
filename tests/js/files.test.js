/** How large files are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readable } from '../../dashboard/js/widgets/files.js';

test('bytes are told with two digits or more', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 1_250_000, 45_000_000].map(readable), ['0 B', '999 B', '1.0 kB', '12 kB', '1.3 MB', '45 MB']);
});
