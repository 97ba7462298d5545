import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isItemId, itemId, safeFileName } from './stored-item.ts';

test('an id contains its category and its creation time, and is valid in a path', () => {
  const id = itemId('maps', 1_774_231_973_000_000_000n, new Uint8Array([0x1f, 0x2e, 0x3d, 0x4c]));
  assert.equal(id, 'maps_1774231973000000000_1f2e3d4c');
  assert.ok(isItemId(id));
});

test('a text that could leave its folder is not an id', () => {
  for (const id of ['', '.', '..', '../x', 'a/b', 'a\\b', 'a\0', '%2e', 'a.b', 'x'.repeat(129)]) {
    assert.equal(isItemId(id), false, id);
  }
});

test('a file name keeps its last segment without characters that break file systems or headers', () => {
  assert.equal(safeFileName('map 3.pgm'), 'map 3.pgm');
  assert.equal(safeFileName('../../etc/passwd'), 'passwd');
  assert.equal(safeFileName('C:\\maps\\hall.pgm'), 'hall.pgm');
  assert.equal(safeFileName('a"b\r\nc\0'), 'a_b__c_');
  for (const name of [undefined, '', '.', '..', '...', 'dir/', 'descriptor.json']) {
    assert.equal(safeFileName(name), 'upload', name);
  }
  assert.equal(safeFileName('ä'.repeat(300)).length, 80);
});
