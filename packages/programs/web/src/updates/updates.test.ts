import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HealthStatus, UpdateStatus } from '@medkit/contract';
import { installFacts } from './install-facts.ts';
import { actionsOf, isBusy, labelOf, problemOf } from './update-state.ts';
import { gateSecondsLeft, stepsOf } from './update-steps.ts';

type Phase = UpdateStatus['x-medkit']['phase'];

const status = (phase: Phase, more: Partial<UpdateStatus> = {}): UpdateStatus => ({
  status: phase === 'failed' ? 'failed' : 'inProgress',
  'x-medkit': { phase },
  ...more,
});
const failed = (vendor_code: string, parameters: object): UpdateStatus =>
  status('failed', {
    'x-medkit': {
      phase: 'failed',
      error: { error_code: 'vendor-error', vendor_code, message: 'No', parameters: { ...parameters } },
    },
  });
const refused = (reason: string) => failed('x-medkit-update-refused', { reason });
const rolledBack = (reason: string) =>
  failed('x-medkit-update-rolled-back', { reason, fault_codes: ['STOP'], in_use: 'releases/nav-1' });
const states = (of: UpdateStatus, facts = {}, hasDigest = false) =>
  stepsOf({ id: 'nav-2', status: of, facts, hasDigest })
    .map(({ state }) => state)
    .join(' ');

describe('an update', () => {
  it('has a state of one word', () => {
    const label = (of: UpdateStatus, inUse?: string) => labelOf('nav-2', of, inUse === undefined ? {} : { inUse });
    assert.equal(label(status('none', { status: 'pending' })), 'registered');
    assert.equal(label(status('executing', { status: 'pending' })), 'queued');
    assert.equal(label(status('executing')), 'executing');
    assert.deepEqual([label(status('executed'), 'nav-2'), label(status('executed'), 'nav-3')], ['inUse', 'executed']);
    assert.deepEqual([label(refused('digest')), label(rolledBack('fault'))], ['refused', 'rolledBack']);
    assert.equal(label(failed('x-medkit-outcome-unknown', {})), 'failed');
    assert.deepEqual([isBusy(status('preparing')), isBusy(status('prepared'))], [true, false]);
  });

  it('offers the next action first, and none while it is busy or in use', () => {
    assert.deepEqual(actionsOf('registered', false), ['prepare', 'delete']);
    assert.deepEqual(actionsOf('registered', true), ['automate', 'prepare', 'delete']);
    assert.deepEqual(actionsOf('prepared', true), ['execute', 'delete']);
    assert.equal(actionsOf('executed', false)[0], 'rollBack');
    assert.deepEqual([actionsOf('executing', true), actionsOf('inUse', true)], [[], []]);
  });

  it('names the reason of a rollback, its faults, and the release in use', () => {
    const problem = { reason: 'fault', message: 'No', faultCodes: ['STOP'], inUse: 'nav-1' };
    assert.deepEqual(problemOf(rolledBack('fault')), problem);
    assert.equal(problemOf(status('prepared')), undefined);
  });

  it('has the steps of its phase, and of the journal while it is installed', () => {
    assert.equal(states(status('none')), 'waiting waiting waiting waiting waiting waiting');
    assert.equal(states(status('preparing')), 'running waiting waiting waiting waiting waiting');
    const files = { sub_progress: [{ name: 'files', progress: 40 }] };
    assert.equal(states(status('preparing', files)), 'done done running waiting waiting waiting');
    assert.equal(states(status('prepared')), 'done done done waiting waiting waiting');
    const at = (stage: 'activating' | 'gating') => ({ last: { id: 'nav-2', stage } });
    assert.equal(states(status('executing'), at('activating')), 'done done done done running waiting');
    assert.equal(states(status('executing'), at('gating')), 'done done done done done running');
    const switched = { sub_progress: [{ name: 'switch', progress: 100 }] };
    assert.equal(states(status('executing', switched)), 'done done done done done running');
    assert.equal(states(status('executed')), 'done done done done done done');
  });

  it('shows the step that failed, and what is known of those before', () => {
    assert.equal(states(refused('signature')), 'failed waiting waiting waiting waiting waiting');
    assert.equal(states(refused('digest')), 'done done failed waiting waiting waiting');
    assert.equal(states(refused('digest'), {}, true), 'unknown unknown failed waiting waiting waiting');
    assert.equal(states(rolledBack('fault')), 'done done done undone done failed');
    assert.equal(states(rolledBack('activation')), 'done done done undone failed waiting');
    assert.equal(states(rolledBack('interrupted')), 'done done done undone unknown unknown');
    assert.equal(states(failed('x', {})), 'unknown unknown unknown unknown unknown unknown');
  });

  it('counts down the seconds at its gate', () => {
    assert.equal(gateSecondsLeft(40, 30, 0), 18);
    assert.equal(gateSecondsLeft(40, 30, 2500), 16);
    assert.equal(gateSecondsLeft(90, 30, 60_000), 0);
    assert.equal(gateSecondsLeft(40, undefined, 0), undefined);
  });

  it('reads the facts of the installer from the health of the gateway', () => {
    const block = {
      target: 'amr',
      trusted_keys: 1,
      gate_sec: 5,
      in_use: 'nav-1',
      last: { id: 'nav-2', stage: 'gating' },
    };
    const health = { 'x-medkit-updates': block } as unknown as HealthStatus;
    assert.deepEqual(installFacts(health), {
      target: 'amr',
      trustedKeys: 1,
      gateSec: 5,
      inUse: 'nav-1',
      last: { id: 'nav-2', stage: 'gating' },
    });
    assert.deepEqual(installFacts(undefined), {});
  });
});
