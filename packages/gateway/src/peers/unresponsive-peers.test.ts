import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { type FaultReport, openModel } from '@medkit/core';
import { memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { PeerRuntime } from '@medkit/peer';
import { watchPeers } from './unresponsive-peers.ts';

/** Peers that respond as the test demands, and the reports about them. */
async function setUp(names: readonly string[] = ['yard']) {
  const clock = new SimulatedClock();
  const reports: FaultReport[] = [];
  const lines: string[] = [];
  const state = { failure: undefined as Error | undefined };
  const faults = memoryFaults({
    onReport: (report) => void reports.push(report),
    onCall: () => {
      if (state.failure) throw state.failure;
    },
  });
  const model = await openModel({ runtimes: [memoryRuntime({ providers: { faults } })], clock, log: () => undefined });
  const silent = new Set<string>();
  const lastSeenMs = clock.wallMs();
  let goneMs = 0;
  const peerOf = (name: string): PeerRuntime =>
    ({
      measured: async () => ({
        name,
        url: `http://${name}:8080`,
        status: silent.has(name) ? 'offline' : 'online',
        // The peer is only known to be offline a while after it stopped responding.
        entities: silent.has(name) && clock.monotonicMs() > goneMs ? 3 : 41,
        lastSeenMs,
        problem: undefined,
        roundTripMs: silent.has(name) ? undefined : 2,
      }),
    }) as unknown as PeerRuntime;
  const peers = { runtimes: names.map(peerOf) };
  const log = (_level: string, line: string): void => void lines.push(line);
  const stop = watchPeers({ peers, model, clock, log, source: '/medkit_gateway' });
  const pass = async (seconds: number): Promise<readonly FaultReport[]> => {
    reports.length = 0;
    for (let second = 0; second < seconds; second += 5) {
      clock.advance(5000);
      for (let turn = 0; turn < 10; turn++) await soon();
    }
    return [...reports];
  };
  const goneAfter = (ms: number): void => {
    goneMs = clock.monotonicMs() + ms;
  };
  return { peers, silent, pass, stop, lines, state, goneAfter };
}

const events = (reports: readonly FaultReport[]): string => [...new Set(reports.map(({ event }) => event))].join();

describe('a gateway that does not answer', () => {
  it('is reported as FAILED after 30 s with its missing entities, and as PASSED when it answers again', async () => {
    const { silent, pass } = await setUp();
    assert.equal(events(await pass(20)), 'PASSED');
    silent.add('yard');
    assert.deepEqual(await pass(30), []);
    const [report] = await pass(10);
    assert.deepEqual(report, {
      code: 'PEER_NOT_RESPONDING',
      event: 'FAILED',
      severity: 2,
      description:
        'The gateway yard at http://yard:8080 has not answered since 2026-01-01T00:00:00.000Z: 38 of its 41 entities are missing, 3 are shown with their last known state.',
      source: '/medkit_gateway',
    });
    assert.equal((await pass(60)).length, 12, 'one report with every look: the fault manager debounces');
    silent.delete('yard');
    assert.equal(events(await pass(60)), 'PASSED');
  });

  it('is reported with its missing entities also if it has not answered since the start', async () => {
    const { silent, pass, goneAfter } = await setUp();
    silent.add('yard');
    goneAfter(12_000);
    const [report] = await pass(40);
    assert.match(report?.description ?? '', /38 of its 41 entities are missing/);
  });

  it('for less than 30 s is not reported, and no PASSED is reported while any gateway is silent', async () => {
    const { silent, pass } = await setUp(['yard', 'dock']);
    for (let times = 0; times < 5; times++) {
      silent.add('yard');
      assert.deepEqual(
        (await pass(25)).filter(({ event }) => event === 'FAILED'),
        [],
      );
      silent.delete('yard');
      await pass(5);
    }
    silent.add('yard');
    await pass(40);
    silent.add('dock');
    const both = await pass(60);
    assert.equal(events(both), 'FAILED');
    assert.match(both.at(-1)?.description ?? '', /^The gateway yard .*\. The gateway dock .*\.$/);
    silent.delete('yard');
    assert.equal(events(await pass(30)), 'FAILED');
  });

  it('is reported briefly: the description counts further gateways, and PASSED is not repeated for ever', async () => {
    const { silent, pass, stop, peers } = await setUp(Array.from({ length: 20 }, (_, at) => `robot_${at}`));
    for (let at = 0; at < 20; at++) silent.add(`robot_${at}`);
    const description = (await pass(60)).at(-1)?.description ?? '';
    assert.match(description, / 15 other gateways do not answer either\.$/);
    peers.runtimes.length = 0;
    assert.equal((await pass(600)).length, 24);
    stop();
    assert.deepEqual(await pass(60), []);
  });

  it('that cannot be reported is logged once', async () => {
    const { silent, pass, lines, state } = await setUp();
    silent.add('yard');
    state.failure = new Error('no disk');
    await pass(120);
    assert.equal(lines.length, 1, String(lines));
    assert.match(lines[0] ?? '', /^PEER_NOT_RESPONDING cannot be reported: /);
  });
});
