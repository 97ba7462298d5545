import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BeaconHint, emptyHint } from '@medkit/beacon';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { PollSettings } from '../options.ts';
import type { HintClient } from '../parameters/read-hint.ts';
import { Poller } from './poller.ts';

const SETTINGS: PollSettings = { prefix: 'p', intervalMs: 5000, budgetMs: 10_000, timeoutMs: 2000, evictionMs: 60_000 };

/** How a node reacts to a poll. */
type Behaviour = {
  readonly answersMs?: number;
  readonly fails?: boolean;
  readonly mute?: boolean;
  readonly silent?: boolean;
};

/** Runs a poller with nodes by name, whose behaviour can be changed. */
function scene(initial: Readonly<Record<string, Behaviour>>, settings: Partial<PollSettings> = {}) {
  const clock = new SimulatedClock();
  const behaviours = new Map(Object.entries(initial));
  const requests: { readonly fqn: string; readonly atMs: number }[] = [];
  const onHint: BeaconHint[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const client = (fqn: string): HintClient => ({
    list: async (_, { signal }) => {
      requests.push({ fqn, atMs: clock.monotonicMs() });
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      try {
        const { answersMs = 0, fails, mute, silent } = behaviours.get(fqn) ?? {};
        const answer = Promise.withResolvers<void>();
        signal?.addEventListener('abort', () => answer.reject(new Error('given up')));
        if (!mute) clock.after(answersMs, answer.resolve);
        await answer.promise;
        if (fails) throw new Error('no such service');
        return { names: silent ? [] : ['p.entity_id'], prefixes: [] };
      } finally {
        underWay--;
      }
    },
    get: async () => [{ type: 'string', value: fqn.slice(1) }],
    read: async () => [],
    close: async () => void closed.push(fqn),
  });
  const poller = new Poller({
    settings: { ...SETTINGS, ...settings },
    clock,
    log: () => undefined,
    nodes: async () => [...behaviours.keys()],
    openClient: (fqn) => {
      opened.push(fqn);
      return client(fqn);
    },
    onHint: (hint) => onHint.push(hint),
  });
  return {
    clock,
    behaviours,
    requests,
    onHint,
    opened,
    closed,
    poller,
    mostUnderWay: () => mostUnderWay,
    requestTimes: (fqn: string) => requests.filter((call) => call.fqn === fqn).map(({ atMs }) => atMs),
    /** Advances the clock by some seconds. */
    run: (seconds: number, stepMs = 50) => clock.advanceAsync(seconds * 1000, stepMs),
  };
}

const nodes = (count: number, behaviour: Behaviour = {}, name = 'node'): Readonly<Record<string, Behaviour>> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`/${name}_${String(at).padStart(3, '0')}`, behaviour]));

describe('3.3 polling', () => {
  it('3.3: polls every node immediately and again after every interval, and passes its hints on', async () => {
    const { poller, run, requestTimes, onHint, clock } = scene({ '/lidar': {}, '/base': {} });
    poller.start();
    await run(10.2);
    assert.deepEqual(
      requestTimes('/lidar').map((atMs) => Math.round(atMs / 1000)),
      [0, 5, 10],
    );
    assert.deepEqual(
      onHint
        .slice(0, 2)
        .map(({ entityId }) => entityId)
        .sort(),
      ['base', 'lidar'],
    );
    const { receivedAtMs = 0 } = onHint[0] ?? {};
    assert.deepEqual(onHint[0], emptyHint(onHint[0]?.entityId ?? '', receivedAtMs));
    assert.ok(receivedAtMs <= 200);
    await poller.stop();
    assert.equal(clock.timers, 0);
  });

  it('3.3 [edge]: after its n-th failure a node is left alone for min(2^(n-1), 8) rounds', async () => {
    const { poller, run, requestTimes } = scene({ '/mute': { mute: true } }, { intervalMs: 1000, timeoutMs: 100 });
    poller.start();
    await run(60, 100);
    const rounds = requestTimes('/mute');
    // A round with the mute node takes 100 ms longer than the one-second interval.
    const skipped = rounds.slice(1).map((atMs, at) => Math.round((atMs - (rounds[at] as number) - 100) / 1000) - 1);
    assert.deepEqual(skipped.slice(0, 6), [1, 2, 4, 8, 8, 8]);
    assert.equal(poller.figures['nodes_backed_off'], 1);
    await poller.stop();
  });

  it('3.3 [edge]: an answer ends the back-off', async () => {
    const { poller, run, requestTimes, behaviours } = scene({ '/lidar': { fails: true } }, { intervalMs: 1000 });
    poller.start();
    await run(3.5);
    assert.equal(requestTimes('/lidar').length, 2);
    behaviours.set('/lidar', {});
    await run(2);
    const before = requestTimes('/lidar').length;
    await run(3);
    assert.equal(requestTimes('/lidar').length, before + 3);
    assert.equal(poller.figures['nodes_backed_off'], 0);
    await poller.stop();
  });

  it('3.3 [weak]: an answer without any hint ends the back-off as well', async () => {
    const { poller, run, requestTimes, behaviours, onHint } = scene(
      { '/lidar': { fails: true } },
      { intervalMs: 1000 },
    );
    poller.start();
    await run(2.5);
    behaviours.set('/lidar', { silent: true });
    await run(8);
    assert.deepEqual([onHint.length, poller.figures['nodes_backed_off']], [0, 0]);
    assert.ok(requestTimes('/lidar').length >= 7);
    await poller.stop();
  });

  it('3.3 [weak]: 20 unresponsive nodes of 200 delay none of the others', async () => {
    const { poller, run, requests, onHint, mostUnderWay } = scene({
      ...nodes(20, { mute: true }, 'a_mute'),
      ...nodes(180, { answersMs: 5 }),
    });
    poller.start();
    await run(4.9);
    assert.equal(new Set(requests.map(({ fqn }) => fqn)).size, 200);
    assert.equal(onHint.length, 180);
    assert.ok((poller.figures['last_round_ms'] as number) <= 2500);
    assert.deepEqual([poller.figures['rounds_cut_short_total'], mostUnderWay()], [0, 32]);
    await poller.stop();
  });

  it('3.3 [edge]: a round that has used its budget polls no further node, and the next continues there', async () => {
    const { poller, run, requests } = scene(nodes(80, { answersMs: 100 }), { budgetMs: 150, intervalMs: 1000 });
    poller.start();
    await run(0.9, 10);
    assert.equal(requests.length, 64);
    assert.equal(poller.figures['rounds_cut_short_total'], 1);
    await run(1, 10);
    assert.equal(new Set(requests.map(({ fqn }) => fqn)).size, 80);
    await poller.stop();
  });

  it('seed 003: even with a short budget every node has its turn, whatever the others do', async () => {
    const random = seededRandom(17);
    for (let round = 0; round < 8; round++) {
      const count = 60 + Math.floor(random.float() * 90);
      const crowd = Object.fromEntries(
        Object.keys(nodes(count)).map((fqn): [string, Behaviour] => {
          const draw = random.float();
          return [fqn, draw < 0.3 ? { mute: true } : draw < 0.4 ? { fails: true } : { answersMs: draw * 400 }];
        }),
      );
      const { poller, run, requests, requestTimes } = scene(crowd, { budgetMs: 200, intervalMs: 500, timeoutMs: 400 });
      poller.start();
      await run(40, 20);
      assert.equal(new Set(requests.map(({ fqn }) => fqn)).size, count, `round ${round}`);
      for (const [fqn, { mute, fails }] of Object.entries(crowd)) {
        if (!mute && !fails) assert.ok(requestTimes(fqn).length >= 3, `round ${round}: ${fqn}`);
      }
      await poller.stop();
    }
  });

  it('seed 003: a client is reused for the next poll, and closed only some time after its node disconnected', async () => {
    const { poller, run, behaviours, opened, closed } = scene({ '/lidar': {}, '/base': {} });
    poller.start();
    await run(12);
    behaviours.delete('/lidar');
    await run(40);
    assert.deepEqual([opened.length, closed], [2, []]);
    behaviours.set('/lidar', {});
    await run(10);
    assert.deepEqual([opened.length, poller.figures['clients']], [2, 2]);
    behaviours.delete('/lidar');
    await run(80);
    assert.deepEqual([closed, poller.figures['clients']], [['/lidar'], 1]);
    await poller.stop();
    assert.deepEqual(closed, ['/lidar', '/base']);
  });

  it('3.3: a node that returns is polled immediately, whatever its earlier failures', async () => {
    const { poller, run, behaviours, requestTimes } = scene({ '/lidar': { fails: true } }, { intervalMs: 1000 });
    poller.start();
    await run(9.5);
    assert.equal(requestTimes('/lidar').length, 3);
    behaviours.delete('/lidar');
    await run(1);
    behaviours.set('/lidar', {});
    await run(1);
    assert.equal(requestTimes('/lidar').length, 4);
    await poller.stop();
  });

  it('3.3: a node that exceeds every bound is given up after one time-out', async () => {
    const { poller, run, behaviours, onHint } = scene({ '/slow': { answersMs: 60_000 }, '/lidar': {} });
    poller.start();
    await run(2.5);
    assert.deepEqual([poller.figures['poll_failures_total'], onHint.length], [1, 1]);
    behaviours.set('/slow', {});
    await run(20);
    assert.ok(onHint.some(({ entityId }) => entityId === 'slow'));
    await poller.stop();
  });

  it('3.3: a factory that throws is a failure of its node alone', async () => {
    const clock = new SimulatedClock();
    const onHint: string[] = [];
    const poller = new Poller({
      settings: SETTINGS,
      clock,
      log: () => undefined,
      nodes: async () => ['/bad', '/good'],
      openClient: (fqn) => {
        if (fqn === '/bad') throw new Error('no room');
        return {
          list: async () => ({ names: ['p.entity_id'], prefixes: [] }),
          get: async () => [{ type: 'string', value: 'good' }],
          read: async () => [],
          close: async () => undefined,
        };
      },
      onHint: ({ entityId }) => onHint.push(entityId),
    });
    poller.start();
    await clock.advanceAsync(10, 1);
    assert.deepEqual([onHint, poller.figures['poll_failures_total']], [['good'], 1]);
    await poller.stop();
  });

  it('3.3 [edge]: stops immediately while nodes are being polled, can be stopped twice, and polls no node afterwards', async () => {
    const { poller, run, requests, closed, clock } = scene({ '/mute': { mute: true }, '/lidar': {} });
    poller.start();
    await run(0.5);
    await poller.stop();
    await poller.stop();
    assert.deepEqual([clock.timers, closed.length], [0, 2]);
    const before = requests.length;
    poller.start();
    await run(20);
    assert.equal(requests.length, before);
  });
});
