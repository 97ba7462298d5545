import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskQueue } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore } from '@medkit/store';
import { joinSteps } from './join-steps.ts';
import { valueList } from './robots/value-list.ts';
import { ADDRESS, fleetStage, helloOf } from './testing/fleet-stage.ts';
import { faultItem, robotLog } from './testing/robot-log.ts';

interface Step {
  readonly robot: string;
  readonly value: string;
}

const TABLE = { notes: [['CREATE TABLE notes (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE)']] };

/** Steps that insert values: each value once. */
function stage() {
  const store = memoryStore({ clock: new SimulatedClock(), migrations: TABLE });
  const exclusive = taskQueue();
  const groups: (readonly string[])[] = [];
  const run = joinSteps<Step, string>({
    context: { store, exclusive },
    robotOf: ({ robot }) => robot,
    plan: async (steps) => {
      groups.push(steps.map(({ value }) => value));
      return steps.map(({ value }) => ({
        statements: [{ sql: 'INSERT INTO notes (value) VALUES (?)', parameters: [value] }],
        finish: ([result]) => {
          if (value === 'unfinished') throw new Error('cannot finish');
          return `${value} ${result!.changes}`;
        },
      }));
    },
  });
  const stored = async () => (await store.read('SELECT value FROM notes ORDER BY id')).map(({ value }) => value);
  return { exclusive, groups, stored, run: (value: string, robot = value) => run({ robot, value }) };
}

const outcomesOf = async (runs: readonly Promise<unknown>[]): Promise<readonly unknown[]> =>
  (await Promise.allSettled(runs)).map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message));

describe('joined steps', () => {
  it('are planned and written together in the order of their arrival, as one exclusive task', async () => {
    const { exclusive, groups, stored, run } = stage();
    const order: string[] = [];
    const before = exclusive(async () => order.push('before'));
    const runs = ['c', 'a', 'b'].map((value) => run(value).finally(() => order.push(value)));
    const after = exclusive(async () => order.push('after'));
    assert.deepEqual(await Promise.all(runs), ['c 1', 'a 1', 'b 1']);
    await Promise.all([before, after]);
    assert.deepEqual([groups, await stored()], [[['c', 'a', 'b']], ['c', 'a', 'b']]);
    assert.deepEqual(order, ['before', 'c', 'a', 'b', 'after']);
  });

  it('of one robot are in separate groups', async () => {
    const { groups, run } = stage();
    assert.deepEqual(await Promise.all([run('a', 'amr'), run('x'), run('b', 'amr'), run('y')]), [
      ...['a 1', 'x 1', 'b 1', 'y 1'],
    ]);
    assert.deepEqual(groups, [
      ['a', 'x'],
      ['b', 'y'],
    ]);
  });

  it('fail alone', async () => {
    const { groups, stored, run } = stage();
    assert.deepEqual(await outcomesOf([run('a'), run('unfinished'), run('b')]), ['a 1', 'cannot finish', 'b 1']);
    const [first, second, third] = await outcomesOf([run('c'), run('a', 'again'), run('d')]);
    assert.deepEqual([first, third], ['c 1', 'd 1']);
    assert.match(String(second), /UNIQUE/);
    assert.deepEqual(groups.slice(1), [['c', 'a', 'd'], ['c'], ['a'], ['d']]);
    assert.deepEqual(await stored(), ['a', 'unfinished', 'b', 'c', 'd']);
  });

  it('have a bound for a group', async () => {
    const { groups, run } = stage();
    await Promise.all(Array.from({ length: 70 }, (_, index) => run(`${index}`)));
    assert.deepEqual(
      groups.map(({ length }) => length),
      [32, 32, 6],
    );
    assert.equal(valueList(Array(32).fill('x')).parameters.length, 32);
    assert.throws(() => valueList(Array(33).fill('x')), /at most 32 values/);
  });
});

describe('robots that connect together', () => {
  async function enrolled() {
    const fleet = await fleetStage();
    for (const name of ['amr-1', 'amr-2', 'amr-3']) await fleet.robot(name, `KEY-${name}`);
    return fleet;
  }

  it('each have their decision', async () => {
    const { fleet, welcome } = await enrolled();
    await fleet.revoke('amr-2');
    const decided = await Promise.all(['KEY-amr-1', 'KEY-amr-2', 'KEY-new', 'KEY-amr-3'].map((key) => welcome(key)));
    const summary = decided.map((each) => ('refused' in each ? each.refused : each.robot));
    assert.deepEqual(summary, ['amr-1', 'revoked', 'unknown', 'amr-3']);
    const steps = decided.flatMap((each) => ('next' in each ? [each.next] : []));
    assert.equal(new Set(steps).size, 2, 'each has its ratchet');
  });

  it('confirm only the step of the last connection of a robot', async () => {
    const { fleet } = await enrolled();
    const records = [1, 2].map(() => fleet.record({ address: ADDRESS }));
    const other = fleet.record({ address: ADDRESS });
    await Promise.all([
      ...records.map((each) => each.welcome('KEY-amr-1', helloOf())),
      other.welcome('KEY-amr-3', helloOf()),
    ]);
    const confirmed = await Promise.all([
      ...records.map((each) => each.confirm('KEY-amr-1', { wentBack: false })),
      other.confirm('KEY-amr-3', { wentBack: false }),
    ]);
    const summary = confirmed.map((each) => ('refused' in each ? each.refused : 'confirmed'));
    assert.deepEqual(summary, ['too-many', 'confirmed', 'confirmed']);
  });

  it('each have their lease, the later session of a robot the higher one', async () => {
    const { fleet, changes } = await enrolled();
    await fleet.revoke('amr-3');
    changes.length = 0;
    const session = { hello: helloOf(), address: ADDRESS };
    const leases = await outcomesOf(
      ['amr-1', 'amr-2', 'amr-1', 'amr-3', 'absent'].map((robot) => fleet.connected(robot, session)),
    );
    const summary = leases.map((each) => (Object(each).refused ?? Object(each).epoch ?? each) as unknown);
    assert.deepEqual(summary, [1, 1, 2, 'revoked', 'The hub has no robot absent']);
    assert.deepEqual(
      changes.map(({ robot, topic }) => `${robot} ${topic}`),
      ['amr-1 presence', 'amr-2 presence', 'amr-1 presence'],
    );
  });

  it('have their states stored together, and one of an earlier session is fenced', async () => {
    const { fleet, changes } = await enrolled();
    const session = { hello: helloOf(), address: ADDRESS };
    for (const robot of ['amr-1', 'amr-2', 'amr-2']) await fleet.connected(robot, session);
    changes.length = 0;
    const [first, second] = [robotLog('log-1'), robotLog('log-2')];
    const stored = await outcomesOf([
      fleet.storeState('amr-1', 1, first.state([faultItem('A')])),
      fleet.storeState('amr-2', 1, second.state([faultItem('B')])),
      fleet.storeState('absent', 1, second.state()),
      fleet.storeState('amr-1', 1, first.state([faultItem('C')])),
    ]);
    assert.deepEqual(stored, [
      { outcome: 'stored', seq: undefined },
      { outcome: 'fenced' },
      'The hub has no robot absent',
      { outcome: 'stored', seq: 0 },
    ]);
    const { items } = await fleet.faults({ limit: 10 });
    assert.deepEqual(
      items.map(({ robot, fault }) => `${robot} ${fault.fault_code}`),
      ['amr-1 C'],
    );
    assert.deepEqual(new Set(changes.map(({ robot }) => robot)), new Set(['amr-1']));
  });
});
