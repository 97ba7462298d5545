import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOCAL } from '@medkit/core';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { openEntityIds } from './entity-ids.ts';

const PATH = '/data/entity-ids.json';
const cam = { kind: 'app', id: 'cam' } as const;

async function open(files: MemoryFiles, clock = new SimulatedClock()) {
  const lines: string[] = [];
  const log = (_level: string, line: string) => void lines.push(line);
  const opened = await openEntityIds({ folder: '/data', files, clock, log });
  const tree = { all: () => [] } as unknown as Parameters<typeof opened.health>[0]['tree'];
  const codes = () => opened.health({ tree }).warnings.map(({ code }) => code);
  return { ...opened, clock, lines, codes };
}

describe('ids of entities on disk', () => {
  it('are stored for the next start once they are settled or in use', async () => {
    const files = new MemoryFiles();
    const first = await open(files);
    first.ids.give(cam, { origin: LOCAL, node: 'ros2 /a/cam' });
    first.ids.give({ kind: 'app', id: 'new' }, { origin: 'arm' });
    first.ids.use(cam);
    await first.clock.advanceAsync(1000);
    const killed = await open(files);
    assert.deepEqual(killed.ids.ownerOf(cam), { origin: LOCAL, node: 'ros2 /a/cam' });
    assert.equal(killed.ids.ownerOf({ kind: 'app', id: 'new' }), undefined);
    await first.clock.advanceAsync(15_000);
    assert.deepEqual((await open(files)).ids.ownerOf({ kind: 'app', id: 'new' }), { origin: 'arm' });
  });

  it('that cannot be read are reported, and do not keep the gateway from starting', async () => {
    const files = new MemoryFiles({ [PATH]: 'no JSON' });
    const { ids, lines, codes, close } = await open(files);
    assert.match(
      lines[0] ?? '',
      /Entities may get different ids than before the restart: .*entity-ids\.json cannot be read/,
    );
    assert.deepEqual(codes(), ['entity_ids_not_stored']);
    ids.give(cam, { origin: LOCAL });
    ids.use(cam);
    await close();
    assert.deepEqual(codes(), []);
  });

  it('include the node of each declared app, for which the next start waits', async () => {
    const files = new MemoryFiles();
    const first = await open(files);
    assert.equal(first.boundNodes.waitedFor, undefined);
    first.boundNodes.bind('front', 'ros2 /z/cam');
    first.boundNodes.bind('front', 'ros2 /a/cam');
    await first.close();
    const { boundNodes } = await open(files);
    assert.equal(boundNodes.waitedFor?.('front'), 'ros2 /a/cam');
    boundNodes.stopWaiting();
    assert.equal(boundNodes.waitedFor, undefined);
    assert.deepEqual(boundNodes.rows(), { front: 'ros2 /a/cam' });
    const damaged = await open(new MemoryFiles({ [PATH]: '{"ids": [], "nodes": {"front": 7, "rear": "ros2 /b"}}' }));
    assert.deepEqual(damaged.boundNodes.rows(), { rear: 'ros2 /b' });
  });

  it('are restored without damaged rows', async () => {
    const rows = [
      null,
      7,
      {},
      { ...cam, owner: { origin: 'arm' } },
      { kind: 'app', id: 'a b', owner: { origin: 'arm' } },
    ];
    const { ids } = await open(new MemoryFiles({ [PATH]: JSON.stringify({ version: 1, ids: rows }) }));
    assert.deepEqual(
      ids.firm().ids.map(({ id }) => id),
      ['cam'],
    );
  });
});
