import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SovdError } from '@medkit/contract';
import { errorOf } from '@medkit/core/testing';
import { installedRobot, update } from './testing/installed-robot.ts';

describe('an older release', () => {
  let robot: ReturnType<typeof installedRobot>;
  let provider: Awaited<ReturnType<typeof robot.open>>['provider'];

  const prepare = async (id: string, epoch?: number) => {
    await robot.layDown(id, epoch === undefined ? {} : { epoch });
    await provider.register(update(id), robot.call());
    await provider.prepare(id, robot.call());
  };
  const use = async (id: string, epoch?: number) => {
    await prepare(id, epoch);
    assert.equal(await robot.outcome(provider.execute(id, robot.call())), 'done');
  };
  const rollBack = (id: string) => robot.outcome(provider.rollBack!(id, robot.call()));
  const errorMessage = ({ code, parameters }: SovdError) => [code, parameters?.['reason']];
  const REFUSED = ['x-medkit-update-refused', 'epoch'];

  beforeEach(async () => {
    robot = installedRobot();
    ({ provider } = await robot.open());
  });
  afterEach(() => robot.remove());

  it('is neither prepared nor executed, whatever its signature, also after a restart or if it was prepared before', async () => {
    await prepare('mended-later', 6);
    await use('new', 7);
    assert.deepEqual(errorMessage(await errorOf(prepare('old', 5))), REFUSED);
    assert.deepEqual(errorMessage(await errorOf(prepare('of-before-epochs'))), REFUSED);
    assert.deepEqual(errorMessage(await errorOf(provider.execute('mended-later', robot.call()))), REFUSED);
    ({ provider } = await robot.open());
    const refusal = await errorOf(provider.prepare('old', robot.call()));
    assert.match(
      refusal.message,
      /^old has epoch 5, but epoch 7 was in use on this robot: PUT …\/old\/x-medkit-rollback/,
    );
    assert.equal(robot.inUse(), 'new');
    await use('other', 7);
  });

  it('can be rolled back to explicitly if it was in use here and is stored, and so can the newer one after it', async () => {
    await use('old', 5);
    await use('new', 7);
    assert.deepEqual(errorMessage(await errorOf(provider.prepare('old', robot.call()))), REFUSED);
    assert.equal(await rollBack('old'), 'done');
    assert.equal(robot.inUse(), 'old');
    assert.equal(await robot.outcome(provider.execute('new', robot.call())), 'done');
    assert.equal(robot.inUse(), 'new');
    await prepare('never-used', 8);
    for (const id of ['never-used', 'nothing']) {
      const refusal = await rollBack(id);
      assert.notEqual(refusal, 'done');
      assert.equal(robot.inUse(), 'new', id);
    }
  });

  it('is watched during a rollback, and a fault restores the newer one', async () => {
    await use('old', 5);
    await use('new', 7);
    const back = provider.rollBack!('old', robot.call());
    while (robot.faults.watchers === 0) await new Promise((resolve) => setImmediate(resolve));
    robot.faults.confirm('NAV_LOST');
    const outcome = await robot.outcome(back);
    assert.deepEqual(outcome !== 'done' && outcome.code, 'x-medkit-update-rolled-back');
    assert.equal(robot.inUse(), 'new');
    ({ provider } = await robot.open({ trust: { keys: [], allowUnsigned: false } }));
    const untrusted = await rollBack('old');
    assert.deepEqual(untrusted !== 'done' && errorMessage(untrusted), ['x-medkit-update-refused', 'signature']);
  });

  it('is installed if the robot allows it', async () => {
    await use('new', 7);
    ({ provider } = await robot.open({ allowDowngrade: true }));
    await use('old', 5);
    assert.equal(
      JSON.parse(readFileSync(robot.at('installed', 'journal.json'), 'utf8')).epoch,
      7,
      'nothing is forgotten',
    );
  });

  it('can be used freely if no release has an epoch', async () => {
    await use('a');
    await use('b');
    await use('c');
    assert.equal(await rollBack('b'), 'done');
  });

  it('can be installed after a newer one failed', async () => {
    await use('old', 5);
    await prepare('new', 7);
    robot.programs.next = [() => ({ outcome: 'exited', code: 1, output: '', errors: 'no' })];
    assert.notEqual(await robot.outcome(provider.execute('new', robot.call())), 'done');
    await use('between', 6);
  });
});
