import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIFECYCLE_ACTIONS } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { procFolder } from '../proc/proc-folder.ts';
import { namePatterns } from '../processes/name-pattern.ts';
import { FakeMachine } from '../testing/fake-machine.ts';
import { listed } from '../testing/listed.ts';
import { ProcessControl } from './process-control.ts';

/** Runs a machine with `gzserver` (50) and `sshd` (60), of which `gz*` may be ended. */
function setUp() {
  const machine = new FakeMachine();
  const clock = new SimulatedClock();
  machine.run(50, { name: 'gzserver' });
  machine.run(60, { name: 'sshd' });
  const control = new ProcessControl({
    proc: procFolder({ ...machine, root: '/' }),
    signals: machine.signals,
    clock,
    gatewayProcessIds: machine.gatewayProcessIds,
    stopTimeoutMs: 10_000,
    isAllowed: namePatterns(['gz*', 'medkit']),
  });
  return { machine, clock, control };
}

const GZ = listed(50, 'gzserver');
const refused =
  (status: number, code: string, message: RegExp) => (error: { status: number; code: string; message: string }) => {
    assert.deepEqual([error.status, error.code], [status, code]);
    assert.match(error.message, message);
    return true;
  };

describe('seed 004: the lifecycle of a process', () => {
  it('is ready while it runs, and offers shutdown and force-shutdown if that is allowed', async () => {
    const { machine, control } = setUp();
    assert.deepEqual(await control.status(GZ), {
      status: 'ready',
      actions: ['shutdown', 'force-shutdown'],
      state: 'sleeping',
    });
    assert.deepEqual((await control.status(listed(60, 'sshd'))).actions, []);
    machine.run(50, { name: 'gzserver', state: 'Z' });
    assert.deepEqual([(await control.status(GZ)).status, (await control.status(GZ)).state], ['notReady', 'zombie']);
  });

  it('shutdown asks it to end, and ends it by force after a while', async () => {
    const { machine, clock, control } = setUp();
    await control.change(GZ, 'shutdown');
    assert.deepEqual(machine.sent, ['SIGTERM 50']);
    const { lastTransition } = await control.status(GZ);
    assert.deepEqual(
      [lastTransition?.action, lastTransition?.outcome, lastTransition?.step],
      ['shutdown', 'running', 'SIGTERM'],
    );
    await clock.advanceAsync(10_000, 1000);
    assert.deepEqual(machine.sent, ['SIGTERM 50', 'SIGKILL 50']);
    assert.equal((await control.status(GZ)).lastTransition?.step, 'SIGKILL');
    assert.equal(clock.timers, 0);
  });

  it('force-shutdown ends it immediately, also after a request to end', async () => {
    const { machine, clock, control } = setUp();
    await control.change(GZ, 'shutdown');
    await control.change(GZ, 'force-shutdown');
    assert.deepEqual(machine.sent, ['SIGTERM 50', 'SIGKILL 50']);
    assert.equal(clock.timers, 0);
  });

  it('PreconditionFailed: 409 if it was asked to end already', async () => {
    const { control } = setUp();
    await control.change(GZ, 'shutdown');
    await assert.rejects(
      control.change(GZ, 'shutdown'),
      refused(409, 'precondition-not-fulfilled', /is already being ended/),
    );
  });

  it('Unsupported: 501 for every other action', async () => {
    const { machine, control } = setUp();
    for (const action of LIFECYCLE_ACTIONS.filter((each) => !each.endsWith('shutdown'))) {
      await assert.rejects(control.change(GZ, action), refused(501, 'not-implemented', /control\.units/));
    }
    assert.deepEqual(machine.sent, []);
  });

  it('AccessDenied: 403 if it is not configured, belongs to another user, or is the gateway itself', async () => {
    const { machine, control } = setUp();
    await assert.rejects(
      control.change(listed(60, 'sshd'), 'force-shutdown'),
      refused(403, 'insufficient-access-rights', /60 \(sshd\) .*control\.processes/),
    );
    for (const id of [900, 901, 1]) {
      machine.run(id, { name: 'medkit' });
      await assert.rejects(
        control.change(listed(id, 'medkit'), 'shutdown'),
        refused(403, 'insufficient-access-rights', /gateway/),
      );
    }
    machine.signal = 'denied';
    await assert.rejects(control.change(GZ, 'shutdown'), refused(403, 'insufficient-access-rights', /another user/));
    assert.deepEqual(machine.sent, []);
  });

  it('EntityNotFound: 404 if it has ended, or its process id was reused', async () => {
    const { machine, control } = setUp();
    machine.run(50, { name: 'gzserver', startTicks: 777 });
    await assert.rejects(control.change(GZ, 'force-shutdown'), refused(404, 'x-medkit-plugin-error', /has ended/));
    await machine.end(50);
    await assert.rejects(control.change(GZ, 'shutdown'), refused(404, 'x-medkit-plugin-error', /has ended/));
    await assert.rejects(control.status(GZ), refused(404, 'x-medkit-plugin-error', /has ended/));
    assert.deepEqual(machine.sent, []);
  });

  it('never kills a process that reused the id meanwhile', async () => {
    const { machine, clock, control } = setUp();
    await control.change(GZ, 'shutdown');
    machine.run(50, { name: 'gzserver', startTicks: 777 });
    await clock.advanceAsync(10_000, 1000);
    assert.deepEqual(machine.sent, ['SIGTERM 50']);
  });

  it('leaves no timer behind when the process has ended, or the plugin stops', async () => {
    const { clock, control } = setUp();
    await control.change(GZ, 'shutdown');
    control.keep(() => true);
    assert.equal(clock.timers, 1);
    control.keep(() => false);
    assert.equal(clock.timers, 0);
    await control.change(GZ, 'shutdown');
    control.stop();
    assert.equal(clock.timers, 0);
  });
});
