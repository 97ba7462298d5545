import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { FakeMachine } from '../testing/fake-machine.ts';
import { systemctlShow } from '../testing/systemctl.ts';
import { parseUnits, SystemdUnreachable, UnitStates } from './unit-states.ts';

function setUp() {
  const machine = new FakeMachine();
  const clock = new SimulatedClock();
  const states = new UnitStates({ programs: machine.programs, clock });
  /** Requests several units concurrently. */
  const ask = async (...units: readonly string[]) => {
    const answers = Promise.allSettled(units.map((unit) => states.of(unit)));
    clock.advance(5);
    return answers;
  };
  return { machine, clock, states, ask };
}

describe('states of units', () => {
  it('are requested together, and an answer is reused for a while', async () => {
    const { machine, clock, states, ask } = setUp();
    machine.systemctl = systemctlShow({ 'a.service': {}, 'b.service': { ActiveState: 'failed' } });
    const [a, b] = await ask('a.service', 'b.service');
    assert.equal(a.status === 'fulfilled' && a.value.activeState, 'active');
    assert.equal(b.status === 'fulfilled' && b.value.activeState, 'failed');
    await ask('a.service');
    assert.deepEqual(
      machine.runs.map(({ program, args }) => [program, ...args.slice(-3)]),
      [['systemctl', '--', 'a.service', 'b.service']],
    );
    clock.advance(500);
    await ask('a.service');
    states.forget('a.service');
    await ask('a.service');
    assert.equal(machine.runs.length, 3);
    assert.equal(clock.timers, 0);
  });

  it('fail for the callers if systemd does not answer, and are requested again', async () => {
    const { machine, clock, ask } = setUp();
    for (const [end, message] of [
      [{ outcome: 'missing' }, /systemctl is missing/],
      [{ outcome: 'late' }, /within 2000 ms/],
      [{ outcome: 'too-much-output' }, /output of systemctl is too large/],
      [{ outcome: 'killed' }, /killed/],
      [
        { outcome: 'exited', code: 1, output: '', errors: 'Failed to connect to bus: Host is down\nmore' },
        /^systemctl: Failed to connect to bus: Host is down$/,
      ],
      [{ outcome: 'exited', code: 0, output: '', errors: '' }, /reports nothing about a.service/],
    ] as const) {
      machine.systemctl = () => end;
      const [result] = await ask('a.service');
      assert.ok(result.status === 'rejected' && result.reason instanceof SystemdUnreachable);
      assert.match(result.reason.message, message);
      clock.advance(500);
    }
  });

  it('can be looked up by every name of the unit', () => {
    const states = parseUnits('Id=a.service\nNames=a.service b.service\nActiveState=active\n\nLoadState=loaded\n\n');
    assert.deepEqual([...states.keys()], ['a.service', 'b.service']);
    assert.deepEqual(states.get('b.service'), {
      unit: 'a.service',
      loaded: true,
      activeState: 'active',
      subState: '',
      restarts: 0,
      watchdogUs: 0,
      mainProcessId: 0,
    });
  });
});
