import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { watchFiles } from './watched-files.ts';

function watched() {
  const clock = new SimulatedClock();
  const files = new MemoryFiles({ '/live/v1/cert.pem': '1', '/live/v2/cert.pem': '2' });
  files.links.set('/live/data', '/live/v1');
  const open = new Map<string, () => void>();
  let settled = 0;
  const it = watchFiles({
    paths: ['/live/data/cert.pem'],
    files,
    watchFolder: (path, onChange) => {
      open.set(path, onChange);
      return { close: () => void open.delete(path) };
    },
    clock,
    onSettled: () => settled++,
  });
  return { clock, files, open, it, settled: () => settled };
}

test('the watch observes the folder of the path and the folder that its link resolves to', async () => {
  const { files, open, it } = watched();
  await it.renew();
  assert.deepEqual([...open.keys()], ['/live/data', '/live/v1']);
  files.links.set('/live/data', '/live/v2');
  await it.renew();
  assert.deepEqual([...open.keys()], ['/live/data', '/live/v2']);
  it.close();
  assert.deepEqual([...open.keys()], []);
});

test('changes are reported once, two seconds after the last of them, and not after the watch is closed', async () => {
  const { clock, open, it, settled } = watched();
  await it.renew();
  const change = () => open.get('/live/data')?.();
  change();
  clock.advance(1999);
  change();
  clock.advance(1999);
  assert.equal(settled(), 0);
  clock.advance(1);
  assert.equal(settled(), 1);
  change();
  it.close();
  clock.advance(5000);
  assert.equal(settled(), 1);
});
