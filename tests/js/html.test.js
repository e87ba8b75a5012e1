/** Names come from files that people share: whatever they hold, markup stays ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { constant, cut, markup } from '../../dashboard/js/html.js';

test('what is put into markup is escaped', () => {
  assert.equal(String(markup`<b title="${'"\''}">${'<i>&'}</b>`), '<b title="&quot;&#39;">&lt;i&gt;&amp;</b>');
});

test('markup within markup stays markup, and lists are joined', () => {
  const rows = ['<', '>'].map((sign) => markup`<i>${sign}</i>`);
  assert.equal(String(markup`<p>${rows}${constant('<br>')}</p>`), '<p><i>&lt;</i><i>&gt;</i><br></p>');
});

test('a long text is cut to the length that was asked for, its ellipsis included', () => {
  assert.equal(cut('convolution', 11), 'convolution');
  assert.equal(cut('convolution', 5), 'conv…');
  assert.equal(cut('convolution', 1), 'c…');
});
