import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InstantAction } from '@medkit/vda5050';
import { type Abilities, answerActions, refuseMalformedActions } from './answer-actions.ts';
import { EMPTY_TRACKER, MAX_ACTIONS, refusalsOf, withStatus } from './instant-action-tracker.ts';
import { refuseOrder } from './refuse-order.ts';

const ABLE: Abilities = { hasFactsheet: true, clearingProblem: () => undefined };
const UNABLE: Abilities = { hasFactsheet: false, clearingProblem: () => 'clear_fault is off' };

const action = (actionType: string, parameters: InstantAction['parameters'] = {}, actionId = actionType) => ({
  actionId,
  actionType,
  parameters,
});

const header = {
  headerId: 7,
  timestamp: '2026-01-01T00:00:00.000Z',
  version: '3.0.0',
  manufacturer: 'A',
  serialNumber: 'B',
};
const refusedOrder = refuseOrder(EMPTY_TRACKER, '3.0.0', {
  header,
  content: { orderId: 'order-1', orderUpdateId: 2, nodes: [], edges: [] },
});

describe('an order', () => {
  it('is refused with an error that refers to the order', () => {
    const [error] = refusalsOf(refusedOrder);
    assert.equal(error?.level, 'WARNING');
    assert.deepEqual(Object.fromEntries(error?.references.map(({ key, value }) => [key, value]) ?? []), {
      topic: 'order',
      headerId: '7',
      orderId: 'order-1',
      orderUpdateId: '2',
    });
  });
});

describe('an instant action', () => {
  const CASES = [
    ['stateRequest', {}, ABLE, 'FINISHED', undefined],
    ['factsheetRequest', {}, ABLE, 'FINISHED', 'send factsheet'],
    ['factsheetRequest', {}, UNABLE, 'FAILED', undefined],
    ['cancelOrder', {}, ABLE, 'FAILED', undefined],
    ['clearFault', { faultCode: 'F', entityId: 'e' }, ABLE, 'RUNNING', 'clear fault'],
    ['clearFault', { faultCode: 'F', entityId: 'e' }, UNABLE, 'FAILED', undefined],
    ['clearFault', { faultCode: 'F' }, ABLE, 'FAILED', undefined],
    ['clearFault', { faultCode: 'F', entityId: { toString: 1 } }, ABLE, 'FAILED', undefined],
    ['startPause', {}, ABLE, 'FAILED', undefined],
    ['__proto__', {}, ABLE, 'FAILED', undefined],
  ] as const;
  for (const [type, parameters, abilities, status, errand] of CASES) {
    it(`${type} with ${JSON.stringify(parameters)} is ${status}${abilities === UNABLE ? ' where that cannot be done' : ''}`, () => {
      const { tracker, errands } = answerActions(EMPTY_TRACKER, '3.0.0', [action(type, parameters)], abilities);
      assert.deepEqual(
        tracker.actions.map((state) => state.status),
        [status],
      );
      assert.deepEqual(
        errands.map((one) => one.do),
        errand === undefined ? [] : [errand],
      );
      assert.equal(tracker.actionErrors.length, status === 'FAILED' ? 1 : 0);
      if (status === 'FAILED')
        assert.deepEqual(tracker.actionErrors[0]?.references.at(-1), { key: 'actionId', value: type });
    });
  }

  it('is refused with the error type of the version', () => {
    const typeOf = (version: '2.1.0' | '3.0.0', type: string) =>
      answerActions(EMPTY_TRACKER, version, [action(type)], ABLE).tracker.actionErrors[0]?.type;
    assert.equal(typeOf('2.1.0', 'cancelOrder'), 'noOrderToCancel');
    assert.equal(typeOf('3.0.0', 'cancelOrder'), 'NO_ORDER_TO_CANCEL');
    assert.equal(typeOf('2.1.0', 'startPause'), 'instantActionError');
    assert.equal(typeOf('3.0.0', 'startPause'), 'INVALID_INSTANT_ACTION');
    assert.equal(typeOf('2.1.0', 'clearInstantActions'), 'instantActionError');
  });

  it('is not executed twice', () => {
    const fault = action('clearFault', { faultCode: 'F', entityId: 'e' }, 'a1');
    const { tracker } = answerActions(EMPTY_TRACKER, '3.0.0', [fault, fault], ABLE);
    assert.equal(tracker.actions.length, 1);
    assert.deepEqual(answerActions(tracker, '3.0.0', [fault], ABLE).errands, []);
  });

  it('removes the error of the order if it is cancelOrder, and not otherwise', () => {
    assert.equal(
      answerActions(refusedOrder, '3.0.0', [action('stateRequest')], ABLE).tracker.orderError?.type,
      'MOBILE_ROBOT_NOT_AVAILABLE',
    );
    assert.equal(answerActions(refusedOrder, '3.0.0', [action('cancelOrder')], ABLE).tracker.orderError, undefined);
  });

  it('clears all finished actions from the list', () => {
    const running = action('clearFault', { faultCode: 'F', entityId: 'e' }, 'running');
    const { tracker } = answerActions(EMPTY_TRACKER, '3.0.0', [action('stateRequest'), running], ABLE);
    const cleared = answerActions(tracker, '3.0.0', [action('clearInstantActions')], ABLE).tracker;
    assert.deepEqual(
      cleared.actions.map(({ actionId }) => actionId),
      ['running', 'clearInstantActions'],
    );
    assert.equal(withStatus(cleared, 'stateRequest', 'FAILED').actions.length, 2);
    assert.deepEqual(withStatus(cleared, 'running', 'FAILED', 'why').actions[0], {
      actionId: 'running',
      actionType: 'clearFault',
      status: 'FAILED',
      result: 'why',
    });
  });

  it('leaves the list bounded, however many actions arrive', () => {
    const many = Array.from({ length: 500 }, (_, at) => action('startPause', {}, `a${at}`));
    const { tracker } = answerActions(EMPTY_TRACKER, '3.0.0', many, ABLE);
    assert.equal(tracker.actions.length, MAX_ACTIONS);
    assert.equal(tracker.actionErrors.length, MAX_ACTIONS);
    const next = answerActions(tracker, '3.0.0', [action('stateRequest')], ABLE).tracker;
    assert.equal(next.actions.length, MAX_ACTIONS);
    assert.deepEqual(next.actionErrors, [], 'errors are those of the newest message');
  });

  it('that cannot be read is reported with the topic', () => {
    const { actionErrors } = refuseMalformedActions(EMPTY_TRACKER, '2.1.0', 'invalid JSON');
    assert.deepEqual(
      actionErrors.map(({ type, references }) => [type, references]),
      [['validationError', [{ key: 'topic', value: 'instantActions' }]]],
    );
  });
});
