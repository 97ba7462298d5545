import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { HttpStreamRequest } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { peerRuntime } from '../peer-runtime.ts';

/** Answer of a gateway to a path: a document, a status with an error code, or nothing, as if switched off. */
type Answer = object | readonly [status: number, code: string] | 'nobody';

const list = (...items: readonly object[]) => ({ items });
const CELL: Readonly<Record<string, Answer>> = {
  '/areas': list({ id: 'cell' }),
  '/areas/cell/subareas': list(),
  '/components': list({ id: 'plc', 'x-medkit': { source: 'manifest' } }, { id: 'host' }),
  '/components/plc': { id: 'plc', 'x-medkit': { source: 'manifest' } },
  '/components/host': { id: 'host', 'x-medkit': { source: 'runtime' } },
  '/apps': list(
    { id: 'valve', 'x-medkit': { source: 'manifest', is_online: true } },
    { id: 'probe', 'x-medkit': { source: 'heuristic', is_online: true } },
  ),
  '/functions': list({ id: 'dosing' }),
  '/functions/dosing': { id: 'dosing', 'x-medkit': { hosts: ['valve'], source: 'manifest' } },
};
/** Interval in milliseconds at which a gateway without change events is read again. */
const LOOK_MS = 10_000;

/** Runs a gateway without a tree route, shown as `cell`. A request takes `tookMs`. */
async function setUp(answers: Record<string, Answer>, { tookMs = 0, isStarted = true } = {}) {
  const clock = new SimulatedClock();
  const requests: HttpStreamRequest[] = [];
  const runtime = peerRuntime({
    peer: { name: 'cell', url: 'http://cell:1' },
    gateway: 'head',
    direct: new Map(),
    names: { addressesOf: async () => ['10.0.0.7'] },
    clock,
    random: { float: () => 0 },
    timeoutMs: 2000,
    forwardsAuthorization: false,
    http: {
      async open(request) {
        requests.push(request);
        clock.advance(tookMs);
        request.signal?.throwIfAborted();
        const answer = answers[new URL(request.url).pathname.replace('/api/v1', '')] ?? [404, 'resource-not-found'];
        if (answer === 'nobody') throw new Error('connect ECONNREFUSED 10.0.0.7:1');
        const [status, document] = Array.isArray(answer) ? [answer[0], { error_code: answer[1] }] : [200, answer];
        const body = (async function* () {
          yield Buffer.from(JSON.stringify(document));
        })();
        return { status, headers: {}, body, close: () => undefined };
      },
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 300; turn++) await soon();
  };
  const later = async (...pauses: readonly number[]): Promise<void> => {
    for (const ms of pauses) {
      clock.advance(ms);
      await settle();
    }
  };
  if (isStarted) {
    await runtime.start({ log: () => undefined, changed: () => undefined } as never);
    await settle();
  }
  /** Returns the shown ids, with `!` appended if unavailable. */
  const tree = (): readonly string[] => {
    const { areas, components, apps, functions } = runtime.contribution();
    return [...areas, ...components, ...apps, ...functions].map(({ id, available }) =>
      available === false ? `${id}!` : id,
    );
  };
  return { runtime, answers, requests, later, tree };
}

const WHOLE = ['cell', 'plc', 'host', 'valve', 'probe', 'dosing'];

describe('a gateway that is read route by route', () => {
  it('is asked for its local tree alone, with X-Medkit-No-Fan-Out, and for no resources of its apps [edge]', async () => {
    const { runtime, requests, tree } = await setUp(CELL);
    assert.deepEqual(tree(), WHOLE);
    const [whole, ...routes] = requests.map(({ url, headers }) => [
      new URL(url).pathname,
      headers['x-medkit-no-fan-out'],
    ]);
    assert.deepEqual(whole, ['/api/v1/x-medkit-tree', undefined]);
    assert.ok(routes.every(([, header]) => header === '1'));
    assert.ok(
      !routes.some(([path = '']) => /\/(?:data|operations)$/.test(path)),
      'what apps have is asked when it is wanted',
    );
    await runtime.stop();
  });

  it('is not online before its first answer, nor if it refuses, and the problem names it [edge]', async () => {
    const before = await setUp(CELL, { isStarted: false });
    assert.deepEqual([before.runtime.peerState().status, before.tree()], ['offline', []]);
    for (const [answer, expected] of [
      ['nobody', /The gateway cell at http:\/\/cell:1 does not answer: connect ECONNREFUSED/],
      [[500, 'internal-error'], /The tree of the gateway cell .* with status 500/],
    ] as readonly (readonly [Answer, RegExp])[]) {
      const { runtime, tree } = await setUp({ ...CELL, '/x-medkit-tree': answer });
      assert.deepEqual([runtime.peerState().status, tree()], ['offline', []]);
      assert.match(runtime.peerState().problem ?? '', expected);
      await runtime.stop();
    }
  });

  it('keeps everything that it reported, without marking it unavailable, while a later read is incomplete [edge]', async () => {
    const { runtime, answers, later, tree } = await setUp({ ...CELL });
    const branch = answers['/functions/dosing'] ?? assert.fail();
    answers['/apps'] = list();
    answers['/functions/dosing'] = [500, 'internal-error'];
    await later(LOOK_MS, 250, 500);
    assert.deepEqual([runtime.peerState().status, tree()], ['online', WHOLE]);
    assert.match(runtime.peerState().problem ?? '', /status 500/);
    answers['/functions/dosing'] = branch;
    await later(5000, 5000);
    assert.deepEqual(tree(), ['cell', 'plc', 'host', 'dosing'], 'the next whole look counts, without the apps');
    await runtime.stop();
  });

  it('has its declared entities as unavailable if it disconnects in the middle of a read, and the others are removed [edge]', async () => {
    const { runtime, answers, later, tree } = await setUp({ ...CELL });
    answers['/components/host'] = 'nobody';
    await later(LOOK_MS);
    assert.deepEqual(tree(), WHOLE, 'a connection may just have broken');
    await later(250);
    assert.deepEqual([runtime.peerState().status, tree()], ['offline', ['plc!', 'valve!', 'dosing!']]);
    const [valve] = runtime.contribution().apps;
    assert.equal(valve?.online, false);
    await runtime.stop();
  });

  it('leaves nothing behind if it never answered, and is replaced as a whole when it is back [edge]', async () => {
    const { runtime, answers, later, tree } = await setUp({ ...CELL, '/x-medkit-tree': 'nobody' });
    await later(250, 500);
    assert.deepEqual(tree(), []);
    delete answers['/x-medkit-tree'];
    await later(5000);
    assert.deepEqual(tree(), WHOLE);
    answers['/x-medkit-tree'] = 'nobody';
    await later(LOOK_MS, 250, 500);
    assert.deepEqual(tree(), ['plc!', 'valve!', 'dosing!']);
    delete answers['/x-medkit-tree'];
    await later(5000);
    assert.deepEqual(tree(), WHOLE);
    await runtime.stop();
  });

  it('is given up if its slow routes together exceed the time limit', async () => {
    const areas = Array.from({ length: 900 }, (_, at) => ({ id: `a${at}` }));
    const { runtime, requests, tree } = await setUp({ ...CELL, '/areas': list(...areas) }, { tookMs: 1500 });
    assert.ok(requests.length < 60, `${requests.length} routes were read`);
    assert.match(runtime.peerState().problem ?? '', /all its routes take longer than 60000 ms/);
    assert.deepEqual(tree(), []);
    await runtime.stop();
  });
});
