import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { entityIdProblem, openModel } from '@medkit/core';
import { app, area, fault, memoryFaults } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { PeerLink } from '../../packages/runtimes/peer/src/peer-link.ts';
import { readTree, TreeUnreadable, treeTags } from '../../packages/runtimes/peer/src/tree/peer-tree.ts';
import { listsOf } from '../../packages/runtimes/peer/src/tree/tree-items.ts';
import { eventually } from '../harness/eventually.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { type HostileAnswer, hostileAnswers } from './hostile-answers.ts';
import { type Answering, hostilePeer } from './hostile-peer.ts';
import { realGateway } from './real-gateway.ts';

const FOREIGN_URL = 'http://127.0.0.1:9';
/** Number of concurrent clients, and how long each waits for an answer that may never arrive, milliseconds. */
const CLIENTS = 16;
const PATIENCE_MS = 400;

/** Maximum bytes that a gateway reads of another gateway's document, and allowance for socket buffers. */
const MAX_DOCUMENT_BYTES = 10_485_760;
const ON_THE_WAY_BYTES = 6 * 1024 * 1024;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const answer = (document: unknown, changes: Partial<HostileAnswer> = {}): HostileAnswer => ({
  status: 200,
  headers: [['content-type', 'application/json']],
  body: Buffer.from(JSON.stringify(document)),
  manner: 'whole',
  ...changes,
});
const TREE = answer({
  gateway: { instance: 'bad' },
  items: [
    { type: 'app', id: 'victim', source: 'manifest', is_online: true },
    { type: 'app', id: 'own', source: 'manifest', is_online: true },
    { type: 'area', id: 'hall', source: 'manifest' },
  ],
});
const QUIET: HostileAnswer = {
  status: 200,
  headers: [['content-type', 'text/event-stream']],
  body: Buffer.from(':\n\n'),
  manner: 'never ends',
};

/** A gateway that aggregates a peer as `bad`. It has the peer's tree; the peer answers everything else arbitrarily. */
async function showing(answering: Answering, fault_copies_mb = 0) {
  const peer = await hostilePeer((path) => {
    if (path === '/x-medkit-tree') return TREE;
    return path === '/x-medkit-tree/events' ? QUIET : answering(path);
  });
  opened.push(peer);
  const robot = {
    areas: [area('hall')],
    apps: [app('own', { node: '/own', address: { runtime: 'ros2', nativeId: '/own' } })],
    data: { '/own': { '/scan': { value: { n: 1 } } } },
    providers: { faults: memoryFaults({ faults: [fault('JAM', { sources: ['/own'] })] }) },
  };
  const config = { aggregation: { fault_copies_mb, recording_copies_mb: fault_copies_mb } };
  const head = await realGateway({ instance: 'head', robot, peers: { bad: peer.url }, isChecked: false, config });
  opened.push(head);
  await eventually('the tree of the peer', async () => (await head.ask('GET', '/apps/bad__own')).status === 200);
  return { peer, head };
}

describe('a peer whose answers never end', () => {
  const slow = (document: unknown): HostileAnswer => ({ ...answer(document), manner: 'never ends' });

  it('is omitted from a list, and named', async () => {
    const { head } = await showing(() => slow({ items: [] }));
    const { status, body } = await head.ask('GET', '/faults');
    assert.deepEqual([status, body.items.length, body['x-medkit'].failed_peers], [200, 1, ['bad']]);
  });

  it('is read up to the maximum document size, while other requests are answered', async () => {
    const { peer, head } = await showing(() => answer({}, { manner: 'endless' }));
    let isAnswered = false;
    const asking = head.ask('GET', '/faults').finally(() => {
      isAnswered = true;
    });
    let others = 0;
    for (; !isAnswered; others++) assert.equal((await head.ask('GET', '/apps/own/data/scan')).status, 200);
    assert.ok(others > 0);
    assert.deepEqual((await asking).body['x-medkit'].failed_peers, ['bad']);
    await eventually('the end of its answer', async () => peer.mostWritten() > 0);
    assert.ok(peer.mostWritten() < MAX_DOCUMENT_BYTES + ON_THE_WAY_BYTES, `${peer.mostWritten()} octets were taken`);
  });

  it('is not read any further once the client of the request has disconnected', async () => {
    // Only this answer is endless: the gateway also reads documents of its peer, up to their maximum size.
    const video = answer({}, { headers: [['content-type', 'video/mp4']], manner: 'endless' });
    const { peer, head } = await showing((path) => (path.startsWith('/apps/victim/data') ? video : answer({})));
    const reply = await fetch(`${head.url}/api/v1/apps/victim/data`);
    assert.equal(reply.status, 200);
    assert.equal(peer.mostWritten(), 0, 'its answer has not ended');
    await reply.body?.cancel();
    await eventually('the end of its answer', async () => peer.mostWritten() > 0);
    assert.ok(peer.mostWritten() < ON_THE_WAY_BYTES, `${peer.mostWritten()} octets were taken`);
  });

  it('adds nothing to a list if its answer is no list', async () => {
    const { head } = await showing(() => answer(null));
    const { status, body } = await head.ask('GET', '/faults');
    assert.deepEqual([status, body.items.length], [200, 1]);
  });

  it('counts as missing even if another peer reports otherwise', async () => {
    const lie = { items: [], 'x-medkit': { failed_peers: 'none', partial: 'no', failed_members: 0, count: 'many' } };
    const liar = await hostilePeer((path) => (path === '/faults' ? answer(lie) : TREE));
    opened.push(liar);
    const other = await realGateway({
      instance: 'other',
      robot: { apps: [app('mine')], providers: { faults: memoryFaults({ faults: [] }) } },
      peers: { liar: liar.url, bad: 'http://127.0.0.1:9' },
    });
    opened.push(other);
    const { body } = await other.ask('GET', '/faults');
    assert.deepEqual([body['x-medkit'].partial, body['x-medkit'].failed_peers], [true, ['bad']]);
  });
});

describe('a hostile peer', () => {
  it('breaks no reader of its tree, and receives only requests for it, whatever it answers', async (context) => {
    printSeed(context);
    const answers = hostileAnswers(seededRandom(STORM_SEED), FOREIGN_URL);
    const requested = new Set<string>();
    const link = new PeerLink(
      { name: 'bad', url: 'http://bad.lan:8080' },
      {
        clock: systemClock,
        names: { addressesOf: async () => ['10.0.0.7'] },
        http: {
          async open({ url, address }) {
            requested.add(`${new URL(url).origin} at ${address}`);
            const { status, headers, body, manner } = answers.answer();
            const parts = (async function* () {
              yield body.subarray(0, body.length >> 1);
              if (manner === 'cut') throw new Error('aborted');
              yield body.subarray(body.length >> 1);
            })();
            return { status, headers: Object.fromEntries(headers), body: parts, close: () => undefined };
          },
        },
      },
    );
    const reading = {
      link,
      clock: systemClock,
      runtime: 'bad',
      timeoutMs: 2000,
      via: 'head',
      signal: new AbortController().signal,
    };
    const outcomes = { trees: 0, tags: 0, refused: 0 };
    for (let round = 0; round < scaledStorm(98_000, 500); round++) {
      try {
        if (answers.upTo(4) === 0) {
          for await (const tag of treeTags(reading)) outcomes.tags += typeof tag === 'string' ? 1 : Number.NaN;
        }
        const read = await readTree(reading, answers.upTo(2) === 0 ? '"1"' : undefined);
        if (!read) continue;
        outcomes.trees++;
        const entities = read.tree.entities.map(({ entity }) => entity);
        assert.ok(entities.length <= 10_000);
        for (const { id, source } of entities) assert.deepEqual([entityIdProblem(id), source], [undefined, 'peer:bad']);
        if (answers.upTo(100) === 0 || entities.length > 1000) await merged(entities);
      } catch (error) {
        const isExpected =
          error instanceof TreeUnreadable ||
          (error instanceof SovdError && error.code === 'x-medkit-peer-unavailable') ||
          error instanceof RangeError ||
          error instanceof SyntaxError ||
          (error instanceof Error && error.message === 'aborted');
        if (!isExpected) throw error;
        outcomes.refused++;
      }
    }
    assert.deepEqual([...requested], ['http://bad.lan:8080 at 10.0.0.7']);
    assert.ok(outcomes.trees > 0 && outcomes.tags > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
  });

  it('breaks no other request of the aggregating gateway, and triggers no request to another host, whatever it answers', async (context) => {
    printSeed(context);
    let called = 0;
    const decoy = createServer((socket) => {
      called++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => decoy.once('listening', resolve));
    opened.push({ close: async () => void decoy.close() });
    const address = decoy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    // The answer to a path follows from the seed, in whatever order paths are requested.
    const answers = new Map<string, ReturnType<typeof hostileAnswers>>();
    const { peer, head } = await showing((path) => {
      const known = answers.get(path) ?? hostileAnswers(seededRandom(seedOf(path)), `http://127.0.0.1:${port}`);
      answers.set(path, known);
      return known.answer();
    }, 64);
    const total = peer.answered() + scaledStorm(2000, 100);
    const memoryBefore = process.memoryUsage().rss;
    const seen = new Map<number, number>();
    const client = async (_: unknown, number: number): Promise<void> => {
      const random = seededRandom(STORM_SEED + number);
      while (peer.answered() < total) {
        const [method, path] = REQUESTS[Math.floor(random.float() * REQUESTS.length)] as (typeof REQUESTS)[number];
        const status = await statusOf(head.url, method, path);
        assert.notEqual(status, 500, `${method} ${path} of the peer is an error of this gateway: ${head.lines.at(-1)}`);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        const localStatus = await statusOf(head.url, 'GET', '/apps/own/data/scan', 10_000);
        assert.equal(localStatus, 200, `after ${method} ${path}: ${head.lines.at(-1)}`);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    assert.equal(called, 0, 'an address in its answers was called');
    assert.ok(process.memoryUsage().rss - memoryBefore < 400 * 1024 * 1024, 'memory grew');
    assert.equal((await head.ask('GET', '/apps/bad__own')).status, 200);
    context.diagnostic(JSON.stringify([...seen]));
  });
});

const REQUESTS: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/apps/victim/data'],
  ['GET', '/apps/victim/data/scan'],
  ['GET', '/apps/bad__own/data/scan'],
  ['GET', '/apps/bad__own/faults'],
  ['HEAD', '/apps/victim/data'],
  ['PUT', '/apps/bad__own/data/scan'],
  ['GET', '/areas/hall/data'],
  ['GET', '/areas/hall/logs'],
  ['GET', '/faults'],
];

/** Returns a separate seed for each path of a storm. */
function seedOf(path: string): number {
  return [...path].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 1_000_003, STORM_SEED);
}

/** Returns the status of a completely read reply, or 0 if there was none in time. */
function statusOf(url: string, method: string, path: string, patienceMs = PATIENCE_MS): Promise<number> {
  return new Promise((resolve) => {
    const body = method === 'PUT' ? JSON.stringify({ type: 'x/msg/X', data: {} }) : '';
    const headers = body === '' ? {} : { 'content-type': 'application/json' };
    // A new connection: a pooled one may be about to close, like after an aborted reply.
    const outgoing = request(`${url}/api/v1${path}`, { method, headers, agent: false }, (reply) => {
      reply.on('error', () => resolve(0));
      reply.on('close', () => resolve(reply.complete ? (reply.statusCode ?? 0) : 0)).resume();
    });
    outgoing.on('error', () => resolve(0)).setTimeout(patienceMs);
    const timer = systemClock.after(patienceMs, () => outgoing.destroy());
    outgoing.on('close', () => timer.cancel()).end(body);
  });
}

/** Checks that a tree of these entities merges with that of this gateway. */
async function merged(entities: Parameters<typeof listsOf>[0]): Promise<void> {
  const runtimeWith = (name: string, lists: object) => ({
    name,
    origin: name,
    providers: {},
    start: async () => undefined,
    stop: async () => undefined,
    contribution: () => ({ runtime: name, priority: 0, areas: [], components: [], apps: [], functions: [], ...lists }),
    health: async () => ({ warnings: [], blocks: {} }),
  });
  const runtimes = [
    runtimeWith('ros2', { areas: [area('hall')], apps: [app('own')] }),
    runtimeWith('bad', listsOf(entities)),
  ];
  const model = await openModel({ runtimes, clock: systemClock, log: () => undefined, gateway: 'head' });
  for (const each of model.tree.all('area')) model.tree.members(each);
  await model.close();
}
