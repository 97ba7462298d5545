import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FleetChangeMessage } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { publishChanges } from '../../packages/gateway/src/fleet/changes/publish-changes.ts';
import type { ChangeStream } from '../../packages/gateway/src/fleet/changes/publish-lanes.ts';
import { fleetOf } from '../../packages/resources/fleet/src/testing/fault-fleet.ts';

/** A stream in memory that stores each id once, and fails as `fate` decides. */
function fakeStream() {
  const stored: FleetChangeMessage[] = [];
  const ids = new Set<string>();
  const state = {
    stored,
    opened: 0,
    attempts: 0,
    inFlight: 0,
    most: 0,
    maxBytes: 100_000,
    refusesToOpen: '',
    /** Decides on each message: stores it, loses the acknowledgement, or loses the message. */
    fate: (_message: FleetChangeMessage): 'ok' | 'no ack' | 'lost' => 'ok',
    end: (_reason: string): void => undefined,
  };
  const open = async (): Promise<ChangeStream> => {
    if (state.refusesToOpen !== '') throw new Error(state.refusesToOpen);
    state.opened += 1;
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    state.end = resolve;
    return {
      maxBytes: state.maxBytes,
      closed,
      publish: async (message) => {
        state.attempts += 1;
        state.inFlight += 1;
        state.most = Math.max(state.most, state.inFlight);
        await turn();
        state.inFlight -= 1;
        const fate = state.fate(message);
        if (fate !== 'lost' && !ids.has(message.id)) {
          ids.add(message.id);
          stored.push(message);
        }
        if (fate !== 'ok') throw new Error('TIMEOUT');
      },
      close: async () => resolve('closed'),
    };
  };
  return { ...{ state, open } };
}

async function publishing(context: TestContext, names: readonly string[] = ['amr-1']) {
  const stage = await fleetOf(names);
  const { fleet, clock } = stage;
  await fleet.changes.start('', 'machine');
  const { state, open } = fakeStream();
  const lines: string[] = [];
  const start = () => {
    const publisher = publishChanges({
      ...{ outbox: fleet.changes, openStream: open, onChange: fleet.onChange, clock, random: seededRandom(4) },
      log: (level, line) => void lines.push(`${level}: ${line}`),
    });
    context.after(() => publisher.close());
    return publisher;
  };
  const report = async (count: number, robot = 'amr-1') => {
    for (let at = 0; at < count; at += 1) stage.robot(robot).fault('MOTOR', 'updated', { number: 7 });
    await stage.robot(robot).ingest();
  };
  /** Lets the publisher work for some time. */
  const advance = async (ms: number) => {
    for (let at = 0; at < ms; at += 100) {
      await clock.advance(100);
      for (let each = 0; each < 40; each += 1) await turn();
    }
  };
  const faults = () => state.stored.filter(({ topic }) => topic === 'fault').length;
  const waiting = async () => (await fleet.changes.state()).waiting;
  return { ...stage, state, start, report, advance, faults, waiting, lines };
}

describe('the publisher of changes', () => {
  it('publishes what is committed soon after the commit, with one message of a robot in flight', async (context) => {
    const { start, report, advance, faults, waiting, state } = await publishing(context);
    start();
    await report(150);
    await advance(1500);
    assert.equal(faults(), 150);
    assert.equal(await waiting(), 0);
    assert.equal(state.most, 2, 'the robot, and the issues');
    await report(1);
    await advance(400);
    assert.equal(faults(), 151);
  });

  it('repeats with the same id after a lost acknowledgement, and keeps the order of each robot', async (context) => {
    const names = ['amr-1', 'amr-2', 'amr-3'];
    const { start, report, advance, faults, waiting, state, lines } = await publishing(context, names);
    let calls = 0;
    state.fate = () => (['ok', 'no ack', 'ok', 'lost', 'ok'] as const)[calls++ % 5]!;
    const publisher = start();
    for (const name of names) await report(20, name);
    await advance(1000);
    assert.match(
      (await publisher.health()).warnings[0]?.message ?? '',
      /^Changes that wait for NATS: \d+\. TIMEOUT\. /,
    );
    state.fate = () => 'ok';
    await advance(60_000);
    assert.deepEqual([faults(), await waiting()], [60, 0]);
    assert.ok(state.attempts > state.stored.length, 'some messages were sent again');
    for (const name of names) {
      const numbers = state.stored
        .filter((message) => message.topic === 'fault' && message.robot === name)
        .map(({ id }) => Number(id.split('-')[1]));
      assert.deepEqual(
        numbers,
        numbers.toSorted((one, other) => one - other),
      );
    }
    assert.deepEqual((await publisher.health()).warnings, []);
    assert.equal(lines.filter((line) => line.startsWith('warn')).length, 1, lines.join('\n'));
  });

  it('waits with growing delays for a server that is away, and connects again after the connection ended', async (context) => {
    const { start, report, advance, faults, state } = await publishing(context);
    state.refusesToOpen = 'cannot connect: start NATS';
    const publisher = start();
    await report(5);
    await advance(60_000);
    const { warnings } = await publisher.health();
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['fleet_changes_waiting'],
    );
    assert.match(warnings[0]!.message, /^Changes that wait for NATS: 6\. cannot connect: start NATS\. /);
    state.refusesToOpen = '';
    await advance(31_000);
    assert.equal(faults(), 5);
    state.end('the server stopped');
    await report(1);
    await advance(3000);
    assert.deepEqual([faults(), state.opened], [6, 2]);
  });

  it('skips, counts and reports changes that are too old or too large', async (context) => {
    const { start, report, advance, faults, state, waiting, clock } = await publishing(context);
    state.refusesToOpen = 'no';
    await report(5);
    await clock.advance(25 * 3_600_000);
    state.refusesToOpen = '';
    const publisher = start();
    await advance(3000);
    assert.deepEqual([faults(), await waiting()], [0, 0]);
    assert.match(
      (await publisher.health()).warnings[0]?.message ?? '',
      /^Changes of the fleet that were never published: 5\. /,
    );
    state.maxBytes = 10;
    state.end('reconnect');
    await report(1);
    await advance(3000);
    assert.deepEqual([faults(), await waiting()], [0, 0]);
    assert.match(
      (await publisher.health()).warnings[0]?.message ?? '',
      /^Changes of the fleet that were never published: 6\. /,
    );
    await clock.advance(25 * 3_600_000);
    assert.deepEqual((await publisher.health()).warnings, []);
  });

  it('continues after a kill between acknowledgement and removal, without a second message', async (context) => {
    const { fleet, start, report, advance, faults, state, waiting } = await publishing(context);
    const { remove } = fleet.changes;
    Object.assign(fleet.changes, { remove: () => Promise.reject(new Error('the database is away')) });
    const publisher = start();
    await report(5);
    await advance(1000);
    const attempts = state.attempts;
    await advance(5000);
    assert.equal(state.attempts, attempts, 'the publisher remembers acknowledged changes');
    await publisher.close();
    Object.assign(fleet.changes, { remove });
    start();
    await advance(1000);
    assert.deepEqual([faults(), await waiting()], [5, 0]);
    assert.ok(state.attempts > attempts);
  });
});
