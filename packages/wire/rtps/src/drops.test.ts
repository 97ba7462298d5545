import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setDebugLogs } from '@medkit/edges';
import { Drops } from './drops.ts';

after(() => setDebugLogs([], assert.fail));

it('writes dropped input to the debug log at powers of two, so that a flood does not fill it', () => {
  const lines: string[] = [];
  setDebugLogs(['rtps'], (_, message) => lines.push(message));
  const drops = new Drops();
  for (let count = 0; count < 1000; count++) drops.count('malformed');
  drops.count('defect');
  assert.equal(lines.length, 11);
  assert.equal(lines[9], 'dropped input: malformed, 512 in total');
  assert.equal(lines[10], 'dropped input: defect, 1 in total');
  assert.deepEqual(drops.byReason(), { malformed: 1000, defect: 1 });
});
