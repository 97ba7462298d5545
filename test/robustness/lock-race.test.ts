import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { openParameterServer, type RosAdapter } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { startGateway } from '../interop/gateway-process.ts';
import { openAdapter } from '../interop/open-adapter.ts';
import { NO_ANSWER, type Step, sharedMs, type Taken } from './race-steps.ts';
import { holdsOf, validateRace } from './validate-race.ts';

const DOMAIN = await reserveDomain();
const ROUNDS = scaledStorm(10_000, 1000);
const CLIENTS = ['alice', 'bob'];
const VALUES_OF_A_CLIENT = 1_000_000;
const RACE_MS = 200_000;

/** Opens a ROS node with a parameter that records every value that it was set to. */
async function openGripper(adapter: RosAdapter) {
  const taken: Taken[] = [];
  const node = await adapter.node({ name: 'gripper', namespace: '/arm' });
  await openParameterServer(node, {
    declarations: [{ name: 'force', value: { type: 'int', value: 0n } }],
    clock: systemClock,
    onSet: ([wanted]) => {
      assert.ok(wanted?.value.type === 'int');
      taken.push({ value: Number(wanted.value.value), atMs: sharedMs() });
      return undefined;
    },
  });
  return { taken };
}

/** Runs a client to its end; returns its requests. */
async function run(args: readonly string[]): Promise<readonly Step[]> {
  const program = startProgram(args, { script: join(import.meta.dirname, 'racing-client.ts') });
  const late = setTimeout(() => void program.end('SIGKILL'), RACE_MS);
  const code = await program.ended;
  clearTimeout(late);
  assert.equal(code, 0, program.output().slice(-2000));
  return program
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A short race of Alice and Bob: each request with its send time, answered a millisecond later. */
const sentBy = (client: string, sentMs: number) => ({ client, sentMs, gotMs: sentMs + 1 });
const lock = (client: string, sentMs: number, number: number, more: object = {}): Step => {
  const wanted = { entity: '/apps/gripper', breaks: false, seconds: 60 };
  return { kind: 'lock', ...sentBy(client, sentMs), ...wanted, lock: number, status: 201, ...more };
};
const release = (client: string, sentMs: number, number: number, status = 204): Step => ({
  kind: 'release',
  ...sentBy(client, sentMs),
  lock: number,
  status,
});
const extend = (client: string, sentMs: number, number: number, seconds: number, status = 204): Step => ({
  kind: 'extend',
  ...sentBy(client, sentMs),
  lock: number,
  seconds,
  status,
});
const write = (client: string, sentMs: number, value: number, status: number): Step => ({
  kind: 'write',
  ...sentBy(client, sentMs),
  value,
  status,
});
const took = (...values: readonly (readonly [value: number, atMs: number])[]): readonly Taken[] =>
  values.map(([value, atMs]) => ({ value, atMs }));

describe('the checker of a race', () => {
  it('accepts locks that end by release, break or timeout before another client gets them', () => {
    const steps = [
      lock('alice', 0, 1),
      write('bob', 2, 7, 409),
      write('alice', 4, 1, 200),
      release('alice', 6, 1),
      lock('bob', 8, 2),
      lock('alice', 10, 3, { breaks: true }),
      release('bob', 12, 2, 404),
      release('alice', 20, 3),
      lock('bob', 30, 4, { seconds: 1 }),
      lock('alice', 1030, 5, { entity: '/components/arm' }),
    ];
    assert.deepEqual(validateRace(steps, took([1, 4.5])), []);
    assert.deepEqual(
      holdsOf(steps).map(({ lock, endsBy }) => [lock, endsBy]),
      [
        [1, 'release'],
        [2, 'break'],
        [3, 'release'],
        [4, 'time'],
        [5, 'time'],
      ],
    );
  });

  it('accepts operations that may have been executed though no answer arrived', () => {
    const unanswered = lock('bob', 2, 0, { breaks: true, status: NO_ANSWER });
    const steps = [
      lock('alice', 0, 1),
      unanswered,
      write('bob', 4, 7, NO_ANSWER),
      write('bob', 6, 8, NO_ANSWER),
      release('alice', 8, 1, 404),
      lock('alice', 20, 3),
      release('alice', 22, 3, NO_ANSWER),
      lock('bob', 24, 4),
    ];
    assert.deepEqual(validateRace(steps, took([7, 5])), []);
  });

  it('counts a lock as extended only if that was confirmed', () => {
    const endsOf = (...steps: readonly Step[]) => holdsOf(steps).map(({ toMs }) => toMs);
    const short = lock('alice', 0, 1, { seconds: 1 });
    assert.deepEqual(endsOf(short, extend('alice', 500, 1, 2)), [2500]);
    assert.deepEqual(endsOf(short, extend('alice', 500, 1, 2, NO_ANSWER)), [1000]);
    assert.deepEqual(endsOf(lock('alice', 0, 1), extend('alice', 500, 1, 2, NO_ANSWER)), [2500]);
  });

  const held = lock('alice', 0, 1);
  for (const [what, steps, taken, verdict] of [
    ['two owners', [held, lock('bob', 2, 2, { entity: '/components/arm' })], [], /lock 2 of bob .* alice had 1/],
    ['a number given twice', [held, release('alice', 2, 1), lock('bob', 4, 1)], [], /1 locks/],
    ['a lock that is lost', [held, release('alice', 2, 1, 404)], [], /lock 1 of alice was lost/],
    [
      'a lock that is lost before it is extended',
      [held, extend('alice', 2, 1, 60, 404)],
      [],
      /lock 1 of alice was lost/,
    ],
    ['a write of who has no lock', [held, write('bob', 2, 7, 200)], took([7, 2.5]), /7 of bob .* alice had lock 1/],
    ['a write that was refused and came through', [write('bob', 2, 7, 409)], took([7, 2.5]), /answered 409.*took it/],
    ['a write that was confirmed and never came', [write('bob', 2, 7, 200)], [], /answered 200.*has it not/],
    ['a write that came twice', [write('bob', 2, 7, 200)], took([7, 2.1], [7, 2.2]), /2 times/],
    ['a write that came after its answer', [write('bob', 2, 7, 200)], took([7, 9]), /after its answer/],
    ['a value of nobody', [], took([7, 9]), /nobody wrote 7/],
    ['an owner who may not write', [held, write('alice', 2, 7, 409)], [], /alice had lock 1 and was kept/],
    ['another answer', [{ ...held, status: 503 }], [], /answered 503/],
  ] as const satisfies readonly (readonly [string, readonly Step[], readonly Taken[], RegExp])[]) {
    it(`finds ${what}`, () => {
      const found = validateRace(steps, taken);
      assert.equal(found.length, 1, found.join('; '));
      assert.match(found[0] ?? '', verdict);
    });
  }
});

describe('a race for locks', () => {
  it('of two processes over HTTP never has two owners, and no write of another client reaches the locked node', {
    timeout: RACE_MS + 60_000,
  }, async (context) => {
    printSeed(context);
    await using adapter = await openAdapter({ domainId: DOMAIN });
    const { taken } = await openGripper(adapter);
    await using gateway = await startGateway({ domainId: DOMAIN });
    await eventually('the parameter', async () => {
      const { status } = await gateway.ask('GET', '/apps/gripper/configurations/force');
      return status === 200;
    });
    const { items } = (await gateway.ask('GET', '/components')).body;
    const startedMs = performance.now();
    const steps = await Promise.all(
      CLIENTS.map((client, index) =>
        run([
          gateway.api,
          client,
          String(ROUNDS / CLIENTS.length),
          String(index * VALUES_OF_A_CLIENT),
          'gripper',
          items[0].id,
          String(STORM_SEED + index),
        ]),
      ),
    ).then((each) => each.flat());
    const tookSec = (performance.now() - startedMs) / 1000;

    assert.deepEqual(validateRace(steps, taken).slice(0, 10), []);
    const { data } = (await gateway.ask('GET', '/apps/gripper/configurations/force')).body;
    assert.equal(data, taken.at(-1)?.value);

    const holds = holdsOf(steps);
    const count = (wanted: (step: Step) => boolean) => steps.filter(wanted).length;
    const ended = Object.groupBy(holds, ({ endsBy }) => endsBy);
    const tally = {
      requests: steps.length,
      locks: CLIENTS.map((client) => holds.filter((hold) => hold.client === client).length),
      locksRefused: count(({ kind, status }) => kind === 'lock' && status === 409),
      broken: ended.break?.length ?? 0,
      ranOut: ended.time?.length ?? 0,
      writes: taken.length,
      writesRefused: count(({ kind, status }) => kind === 'write' && status === 409),
      seconds: Math.round(tookSec),
    };
    context.diagnostic(JSON.stringify(tally));
    // The number depends on the machine: one process may have finished before the other has really begun.
    assert.ok(Math.min(...tally.locks) >= ROUNDS / 100, 'each had it often');
    assert.ok(
      tally.locksRefused >= ROUNDS / 100 && tally.writesRefused >= ROUNDS / 100,
      'they were in the way of each other',
    );
    assert.ok(tally.broken >= ROUNDS / 1000 && tally.ranOut >= 1, 'locks ended in every way');
  });
});
