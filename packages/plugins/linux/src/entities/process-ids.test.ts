import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isEntityId } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { listed } from '../testing/listed.ts';
import { chosenProcesses } from './chosen-processes.ts';
import { processIds } from './process-ids.ts';

const tableOf = (...processes: readonly ReturnType<typeof listed>[]) =>
  new Map(processes.map((each) => [each.id, each]));

describe('the id of a process', () => {
  it('is its name, with its process id if an older process has that name', () => {
    const ids = processIds(
      [listed(20, 'gzserver', { startTicks: 5 }), listed(10, 'gzserver', { startTicks: 9 })],
      new Map(),
    );
    assert.deepEqual(
      [...ids].map(([id, process]) => [id, process.id]),
      [
        ['process_gzserver', 20],
        ['process_gzserver_10', 10],
      ],
    );
  });

  it('stays the same for the life of the process, and never passes to another process meanwhile', () => {
    const [old, young] = [listed(20, 'a', { startTicks: 5 }), listed(10, 'a', { startTicks: 9 })];
    const first = processIds([old, young], new Map());
    const second = processIds([young], first);
    assert.deepEqual([...second.keys()], ['process_a_10']);
    const third = processIds([young, listed(30, 'a', { startTicks: 12 })], second);
    assert.deepEqual(
      [...third].map(([id, { id: number }]) => [id, number]),
      [
        ['process_a_10', 10],
        ['process_a', 30],
      ],
    );
    const reused = processIds([listed(10, 'a', { startTicks: 99 })], third);
    assert.deepEqual(
      [...reused].map(([id, { startTicks }]) => [id, startTicks]),
      [['process_a', 99]],
    );
  });

  it('is a valid entity id, whatever the program is called', () => {
    const random = seededRandom(4);
    const names = ['', '../..', 'a b', 'kworker/0:1', 'ü'.repeat(300), 'x'.repeat(300)];
    for (let round = 0; round < 100; round++) names.push(Buffer.from(random.bytes(20)).toString('latin1'));
    const processes = names.map((name, index) => listed(index + 1, name));
    const ids = processIds(processes, new Map());
    assert.equal(ids.size, processes.length);
    for (const id of ids.keys()) assert.ok(isEntityId(id), id);
  });

  it("is made of the whole name of the program or its script, or of the kernel's name if the process set its title", () => {
    const processes = [
      listed(1, 'component_conta', { args: ['/opt/component_container', '-x'] }),
      listed(2, 'MainThread', { args: ['node', '/opt/bridge.mjs'] }),
      listed(3, 'sshd', { args: ['sshd: robot@pts/0'] }),
    ];
    const ids = processIds(processes, new Map());
    assert.deepEqual([...ids.keys()], ['process_component_container', 'process_bridge', 'process_sshd']);
  });
});

describe('the processes that become apps', () => {
  const table = tableOf(
    listed(1, 'systemd', { percent: 1 }),
    listed(2, 'kthreadd', { args: [], percent: 99 }),
    listed(3, 'chronyd', { percent: 0 }),
    listed(4, 'gzserver', { percent: 80 }),
    listed(6, 'chronyd', { state: 'Z' }),
    listed(5, 'python3', { args: ['python3', '/opt/bridge.py'], percent: 5 }),
  );
  const chosen = (names: readonly string[], top = 0) => chosenProcesses(table, { names, top }).map(({ id }) => id);

  it('are those with a configured name, of the program or of its script', () => {
    assert.deepEqual(chosen(['chronyd', 'bridge']), [3, 5]);
    assert.deepEqual(chosen(['python3']), [5]);
    assert.deepEqual(chosen(['chrony', 'CHRONYD', 'c.ronyd', '']), []);
  });

  it('are those that match a pattern, never threads of the kernel', () => {
    assert.deepEqual(chosen(['*d']), [1, 3]);
    assert.deepEqual(chosen(['gz*er']), [4]);
    assert.deepEqual(chosen(['*']), [1, 3, 4, 5]);
  });

  it('include as many of the busiest as are configured', () => {
    assert.deepEqual(chosen(['gzserver'], 1), [4, 5]);
    assert.deepEqual(chosen([], 2), [4, 5]);
    assert.deepEqual(chosen([], 100), [1, 4, 5], 'an idle one is none of them');
  });

  it('are bounded in number, however many match', () => {
    const many = tableOf(...Array.from({ length: 1000 }, (_, index) => listed(index + 1, 'worker')));
    assert.equal(chosenProcesses(many, { names: ['*'], top: 0 }).length, 256);
  });
});
