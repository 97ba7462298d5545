import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Draft,
  draftOfCondition,
  EMPTY_DRAFT,
  readTarget,
  ruleRequest,
  type Target,
  trialDocument,
  triggerRequest,
} from './draft.ts';

const voltage: Target = {
  entity: { kind: 'app', id: 'battery_monitor' },
  collection: 'data',
  item: 'voltage',
  path: '',
};
const draft = (changes: Partial<Draft>): Draft => ({ ...EMPTY_DRAFT, ...changes });
const problemsOf = (reply: object) => Object.fromEntries((reply as { problems?: Map<string, string> }).problems ?? []);

describe('the request of a new trigger', () => {
  it('has the condition, the lifetime and the delivery', () => {
    assert.deepEqual(triggerRequest(voltage, draft({ lower: '0', upper: '22,5' })), {
      body: {
        resource: '/api/v1/apps/battery_monitor/data/voltage',
        trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22.5 },
        multishot: true,
        persistent: true,
        lifetime: 86_400,
      },
    });
    const faults: Target = { ...voltage, collection: 'faults', item: '', path: '/status' };
    const webhook = {
      to: 'webhook',
      url: ' https://x/hook ',
      secret: 'sixteen characters',
      header: 'X-Key: a: b',
    } as const;
    const changes = { type: 'OnChangeTo', target: 'CONFIRMED', lifetime: '', isRepeated: false, ...webhook } as const;
    assert.deepEqual(triggerRequest(faults, draft({ ...changes, isLogged: true })), {
      body: {
        resource: '/api/v1/apps/battery_monitor/faults',
        trigger_condition: { condition_type: 'OnChangeTo', target_value: 'CONFIRMED' },
        multishot: false,
        persistent: true,
        path: '/status',
        log_settings: { severity: 'warning' },
        protocol: 'webhook',
        webhook: { url: 'https://x/hook', secret: 'sixteen characters', headers: { 'X-Key': 'a: b' } },
      },
    });
  });

  it('is refused with the problem of each field', () => {
    assert.deepEqual(problemsOf(triggerRequest({ ...voltage, item: '' }, draft({ lower: 'a' }))), {
      item: 'missing',
      lower: 'number',
      upper: 'missing',
    });
    assert.deepEqual(problemsOf(triggerRequest(voltage, draft({ lower: '3', upper: '2' }))), { upper: 'order' });
    assert.deepEqual(problemsOf(triggerRequest(voltage, draft({ type: 'OnChangeTo' }))), { target: 'missing' });
    const webhook = draft({ type: 'OnChange', to: 'webhook', url: 'ftp://x', secret: 'short', header: 'none' });
    assert.deepEqual(problemsOf(triggerRequest(voltage, webhook)), { url: 'url', secret: 'secret', header: 'header' });
  });
});

describe('the request of a new fault rule', () => {
  it('has the threshold and the fault', () => {
    const low = draft({ operator: '<', threshold: '22', code: ' BATTERY_LOW ', severity: 'ERROR' });
    assert.deepEqual(ruleRequest({ ...voltage, path: '/data' }, low), {
      body: {
        data_name: 'voltage',
        operator: '<',
        threshold: 22,
        fault_code: 'BATTERY_LOW',
        severity: 'ERROR',
        path: '/data',
      },
    });
    assert.deepEqual(problemsOf(ruleRequest(voltage, draft({ threshold: 'x', code: 'a/b' }))), {
      threshold: 'number',
      code: 'code',
    });
  });
});

describe('the address of a new rule', () => {
  it('names the entity, the resource, the item and the field', () => {
    const read = (text: string) => readTarget(new URLSearchParams(text));
    assert.deepEqual(read('entity=apps/battery_monitor&item=/voltage&path=/data'), { ...voltage, path: '/data' });
    assert.equal(read('entity=apps/x&resource=faults')?.path, '/status');
    assert.equal(read('entity=apps/x&resource=faults&path=all')?.path, '');
    assert.equal(read('entity=apps/x&path=a~2')?.path, '');
    assert.equal(read('entity=robots/x'), undefined);
    assert.equal(read('entity=apps/a%20b'), undefined);
    assert.equal(read(''), undefined);
  });
});

describe('a trial of a draft', () => {
  const target: Target = { entity: { kind: 'app', id: 'battery' }, collection: 'data', item: 'voltage', path: '' };
  const complete: Draft = { ...EMPTY_DRAFT, lower: '0', upper: '22', to: 'webhook', threshold: '21', code: 'EMPTY' };

  it('has the rule without its delivery, under the id of the stored rule or of a new one', () => {
    assert.deepEqual(JSON.parse(trialDocument('event', target, complete) ?? ''), {
      triggers: {
        tried: {
          resource: '/api/v1/apps/battery/data/voltage',
          trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 },
          path: '',
          multishot: true,
        },
      },
    });
    const { fault_triggers } = JSON.parse(trialDocument('fault', target, complete, 'ftr_1') ?? '');
    assert.deepEqual(fault_triggers.ftr_1, {
      app_id: 'battery',
      data_name: 'voltage',
      path: '',
      operator: '>',
      threshold: 21,
      fault_code: 'EMPTY',
      severity: 'WARNING',
      active: true,
    });
  });

  it('is absent while the draft is incomplete, and for resources without values', () => {
    assert.equal(trialDocument('event', target, { ...complete, upper: '' }), undefined);
    assert.equal(trialDocument('fault', target, { ...complete, code: '' }), undefined);
    assert.equal(
      trialDocument('event', { ...target, collection: 'faults' }, { ...complete, type: 'OnChange' }),
      undefined,
    );
  });

  it('begins with the stored condition, unless a plugin provides it', () => {
    const range = { condition_type: 'LeaveRange', lower_bound: 0.5, upper_bound: 22 };
    const draft = draftOfCondition(range, false);
    assert.deepEqual([draft?.type, draft?.lower, draft?.upper, draft?.isRepeated], ['LeaveRange', '0.5', '22', false]);
    for (const [target_value, text] of [
      ['CONFIRMED', 'CONFIRMED'],
      ['3', '"3"'],
      [3, '3'],
      [false, 'false'],
    ] as const)
      assert.equal(draftOfCondition({ condition_type: 'OnChangeTo', target_value }, true)?.target, text);
    assert.equal(draftOfCondition({ condition_type: 'x-odd' }, true), undefined);
  });
});
