import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LifecycleAction } from '@medkit/contract';
import type { ProgramEnd } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { UnitStates } from '../systemd/unit-states.ts';
import { FakeMachine } from '../testing/fake-machine.ts';
import { systemctlShow } from '../testing/systemctl.ts';
import { unitControl } from './unit-control.ts';

const DONE: ProgramEnd = { outcome: 'exited', code: 0, output: '', errors: '' };
const said = (errors: string): ProgramEnd => ({ outcome: 'exited', code: 1, output: '', errors });

/** Simulates a unit in a state; `answer` replies to every call of `systemctl` except queries. */
function setUp(activeState = 'active', answer: (verb: string) => ProgramEnd = () => DONE) {
  const machine = new FakeMachine();
  const clock = new SimulatedClock();
  const show = systemctlShow({ 'nav.service': { ActiveState: activeState, SubState: 'dead' } });
  machine.systemctl = (args) => (args[0] === 'show' ? show(args) : answer(args[0]));
  const control = unitControl({
    units: new UnitStates({ programs: machine.programs, clock }),
    programs: machine.programs,
  });
  const soon = async <T>(promise: Promise<T>): Promise<T> => {
    clock.advance(5);
    return promise;
  };
  const commands = () => machine.runs.map(({ args }) => args.join(' ')).filter((args) => !args.startsWith('show'));
  return {
    commands,
    machine,
    status: (unit = 'nav.service') => soon(control.status(unit)),
    change: (action: LifecycleAction, unit = 'nav.service') => soon(control.change(unit, action)),
  };
}

const refused =
  (status: number, code: string, message: RegExp) => (error: { status: number; code: string; message: string }) => {
    assert.deepEqual([error.status, error.code], [status, code]);
    assert.match(error.message, message);
    return true;
  };

describe('seed 004: the lifecycle of a unit', () => {
  it('is ready while it is active, and offers the actions of its state', async () => {
    assert.deepEqual(await setUp('active').status(), {
      status: 'ready',
      actions: ['restart', 'force-restart', 'shutdown', 'force-shutdown'],
      state: 'active (dead)',
    });
    for (const state of ['inactive', 'failed']) {
      const { status, actions } = await setUp(state).status();
      assert.deepEqual([status, actions], ['notReady', ['start']]);
    }
    assert.equal((await setUp('activating').status()).status, 'notReady');
    assert.deepEqual((await setUp().status('none.service')).actions, []);
  });

  for (const [action, state, commands] of [
    ['start', 'inactive', ['start --no-block']],
    ['restart', 'active', ['restart --no-block']],
    ['shutdown', 'active', ['stop --no-block']],
    ['force-restart', 'active', ['kill --signal=SIGKILL', 'restart --no-block']],
    ['force-shutdown', 'deactivating', ['kill --signal=SIGKILL', 'stop --no-block']],
  ] as const) {
    it(`${action} runs systemctl with ${commands.join(', then ')}, and never waits for it`, async () => {
      const unit = setUp(state);
      await unit.change(action);
      assert.deepEqual(
        unit.commands(),
        commands.map((command) => `${command} --no-ask-password -- nav.service`),
      );
    });
  }

  it('PreconditionFailed: 409 for an action that its state does not allow', async () => {
    const conflict = refused(409, 'precondition-not-fulfilled', /nav.service is (active|inactive): it cannot/);
    await assert.rejects(setUp('active').change('start'), conflict);
    await assert.rejects(setUp('inactive').change('shutdown'), conflict);
  });

  it('AccessDenied: 403 if systemd denies it to the user of the gateway', async () => {
    for (const reason of ['Failed to stop nav.service: Access denied', 'Interactive authentication required.']) {
      const unit = setUp('active', () => said(reason));
      await assert.rejects(
        unit.change('shutdown'),
        refused(403, 'insufficient-access-rights', /^systemctl stop nav.service: /),
      );
    }
  });

  it('EntityNotFound: 404 for a unit that systemd does not know', async () => {
    await assert.rejects(
      setUp().change('start', 'none.service'),
      refused(404, 'x-medkit-plugin-error', /no unit none.service/),
    );
    const gone = setUp('inactive', () => said('Failed to start nav.service: Unit nav.service not found.'));
    await assert.rejects(gone.change('start'), refused(404, 'x-medkit-plugin-error', /not found/));
  });

  it('TransportError: 502 if systemctl fails, 503 if systemd cannot be reached at all', async () => {
    await assert.rejects(
      setUp('active', () => said('')).change('restart'),
      refused(502, 'x-medkit-plugin-error', /exit code 1/),
    );
    await assert.rejects(
      setUp('active', () => ({ outcome: 'late' })).change('restart'),
      refused(502, 'x-medkit-plugin-error', /late/),
    );
    const dead = setUp();
    dead.machine.systemctl = () => ({ outcome: 'missing' });
    await assert.rejects(dead.status(), refused(503, 'x-medkit-plugin-error', /systemctl is missing/));
  });
});
