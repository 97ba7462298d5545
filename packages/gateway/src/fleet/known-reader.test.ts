import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FaultListItem } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Fleet, FleetChange } from '@medkit/fleet';
import { knownReader } from './known-reader.ts';
import type { RobotSession } from './robot-sessions.ts';

const TREE = JSON.stringify({ gateway: { instance: 'i' }, items: [{ type: 'app', id: 'a', name: 'a', source: 'x' }] });
const FAULT = { fault_code: 'A B', severity: 2, status: 'CONFIRMED', entity_type: 'app', entity_id: 'a' } as const;

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A reader with one connected robot, whose replies `answer` gives. */
function reading(answer: (path: string, headers: Readonly<Record<string, string>>) => Reply) {
  const clock = new SimulatedClock();
  const requests: string[] = [];
  const lines: string[] = [];
  const trees: { etag: string; gzip?: Uint8Array }[] = [];
  const details: string[] = [];
  let detailReads = 0;
  let wanted: FaultListItem[] = [];
  let listener: (change: FleetChange) => void = () => undefined;
  const known: Partial<Fleet['known']> = {
    tree: async () => {
      const last = trees.at(-1);
      return last && { etag: last.etag, gzip: new Uint8Array(), atMs: 0 };
    },
    storeTree: async (_by, tree) => void trees.push(tree),
    faultsWithoutDetail: async () => {
      detailReads += 1;
      return wanted.map((fault) => ({ origin: '', fault }));
    },
    storeFaultDetail: async (_by, { fault }, gzip) => {
      wanted = wanted.filter((each) => each !== fault);
      details.push(gunzipSync(gzip).toString());
    },
  };
  const session = {
    robot: 'amr',
    epoch: 1,
    signal: new AbortController().signal,
    gateway: {
      open: async ({ url, headers }: { url: string; headers: Record<string, string> }) => {
        const path = url.slice('http://localhost/api/v1'.length);
        requests.push(path);
        const { status = 200, headers: sent = {}, body = '' } = answer(path, headers);
        return { status, headers: sent, body: [Buffer.from(body)], close: () => undefined };
      },
    },
  } as unknown as RobotSession;
  const reader = knownReader({
    fleet: {
      known: known as Fleet['known'],
      onChange: (listen) => {
        listener = listen;
        return () => undefined;
      },
    },
    sessions: { get: () => session },
    clock,
    log: (_level, line) => void lines.push(line),
  });
  return {
    ...{ requests, lines, trees, details, reader, clock },
    detailReads: () => detailReads,
    want: (fault: FaultListItem) => void wanted.push(fault),
    changed: (topic: FleetChange['topic']) => listener({ robot: 'amr', topic }),
    /** Lets time pass, and waits for an effect: compression runs in other threads. */
    advance: async (ms: number, hasEnded: () => boolean) => {
      clock.advance(ms);
      while (!hasEnded()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the reader of what a hub shows while robots are away', () => {
  it('reads the tree of a robot, and later only whether it has changed', async () => {
    const stage = reading((_path, headers) =>
      headers['if-none-match'] === '"1"' ? { status: 304 } : { headers: { etag: '"1"' }, body: TREE },
    );
    stage.changed('presence');
    stage.changed('faults');
    stage.changed('tree');
    await stage.advance(3000, () => stage.trees.length === 1);
    assert.deepEqual(stage.requests, ['/x-medkit-tree']);
    assert.equal(gunzipSync(stage.trees[0]!.gzip!).toString(), TREE);
    stage.changed('tree');
    await stage.advance(3000, () => stage.detailReads() === 2);
    assert.equal(stage.requests.length, 1, 'a tree is read once a minute');
    await stage.advance(60_000, () => stage.trees.length === 2);
    assert.deepEqual(stage.trees[1], { etag: '"1"' });
    stage.reader.close();
  });

  it('does not let the detail of a new fault wait for the next tree', async () => {
    const stage = reading((path) =>
      path.endsWith('-tree') ? { headers: { etag: '"1"' }, body: TREE } : { body: '{}' },
    );
    stage.changed('tree');
    await stage.advance(3000, () => stage.trees.length === 1);
    stage.changed('tree');
    await stage.advance(3000, () => stage.detailReads() === 2);
    stage.want(FAULT);
    stage.changed('faults');
    await stage.advance(3000, () => stage.details.length === 1);
    assert.equal(stage.trees.length, 1);
    await stage.advance(60_000, () => stage.trees.length === 2);
    stage.reader.close();
  });

  it('reads the details of faults, compressed or not, and passes over those that have ended', async () => {
    const body = JSON.stringify({ item: { code: 'A B' } });
    let isCompressed = false;
    const stage = reading((path) => {
      if (path.endsWith('ENDED')) return { status: 404, body: '{}' };
      return isCompressed ? { headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) } : { body };
    });
    for (const fault of [FAULT, { ...FAULT, fault_code: 'ENDED' }, { ...FAULT, entity_id: null }]) stage.want(fault);
    stage.changed('faults');
    await stage.advance(3000, () => stage.requests.length === 2 && stage.details.length === 1);
    assert.deepEqual(stage.requests, ['/apps/a/faults/A%20B', '/apps/a/faults/ENDED']);
    isCompressed = true;
    stage.want(FAULT);
    stage.changed('faults');
    await stage.advance(60_000, () => stage.details.length === 2);
    assert.deepEqual(stage.details, [body, body]);
    assert.deepEqual(stage.lines, []);
  });

  const hostile: Record<string, Reply> = {
    'another status': { status: 500, body: 'no' },
    'no JSON': { headers: { etag: 'e' }, body: '<html>' },
    'no tree': { headers: { etag: 'e' }, body: '{}' },
    'no ETag': { body: TREE },
    'an endless ETag': { headers: { etag: 'e'.repeat(300) }, body: TREE },
    'more than 10 MiB': { headers: { etag: 'e' }, body: Buffer.alloc(10 * 1024 * 1024 + 1, ' ') },
    'more than 10 MiB, compressed': {
      headers: { etag: 'e', 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1, ' ')),
    },
    'more than 10,000 entities': {
      headers: { etag: 'e' },
      body: JSON.stringify({ gateway: { instance: 'i' }, items: Array(10_001).fill({}) }),
    },
  };
  for (const [name, reply] of Object.entries(hostile)) {
    it(`stores nothing of a robot that answers with ${name}, reads it again a minute later, and reports it once`, async () => {
      const stage = reading(() => reply);
      stage.changed('tree');
      await stage.advance(3000, () => stage.lines.length === 1);
      await stage.advance(59_000, () => true);
      assert.equal(stage.requests.length, 1);
      await stage.advance(1000, () => stage.requests.length === 2);
      assert.deepEqual(stage.trees, []);
      assert.equal(stage.lines.length, 1, stage.lines.join('\n'));
      assert.match(stage.lines[0]!, /cannot read what it shows while amr is away/);
    });
  }
});
