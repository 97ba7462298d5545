import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Order } from '@medkit/vda5050';
import { crossing } from '../lanes/lanes.ts';
import { CARRIER_AT_START, type Carrier } from './carrier.ts';
import { executeInstantAction } from './execute-instant-action.ts';
import { stepCarrier } from './step-carrier.ts';
import { takeOrder } from './take-order.ts';

/** Creates an order between crossings whose first `released` nodes are the base. */
function orderBy(
  names: readonly string[],
  released: number,
  more: Partial<Order> & { readonly from?: number } = {},
): Order {
  const { from = 0, ...changes } = more;
  const nodes = names.map((name, index) => {
    const { x, y } = crossing(name);
    const place = { nodeId: name, sequenceId: from + 2 * index, released: index < released };
    return { ...place, position: { mapId: 'warehouse', x, y } };
  });
  const edges = names.slice(1).map((name, index) => ({
    edgeId: `${names[index]}-${name}`,
    sequenceId: from + 2 * index + 1,
    released: index + 1 < released,
    startNodeId: names[index],
    endNodeId: name,
  }));
  return { orderId: 'one', orderUpdateId: 0, nodes, edges, ...changes };
}

function after(carrier: Carrier, seconds: number): Carrier {
  let at = carrier;
  for (let step = 0; step < seconds * 10; step += 1) at = stepCarrier(at, 0.1);
  return at;
}

const idsOf = ({ nodes }: Carrier) => nodes.map(({ nodeId }) => nodeId);
const errorsOf = ({ errors }: Carrier) => errors.map(({ type }) => type);

describe('a carrier with an order', () => {
  const started = takeOrder(CARRIER_AT_START, orderBy(['W1', 'W2', 'E2'], 2));

  it('drives as far as its order is released, and waits there', () => {
    assert.deepEqual([idsOf(started), started.lastNode?.nodeId], [['W2', 'E2'], 'W1']);
    const onWay = after(started, 1);
    assert.deepEqual([onWay.driving, onWay.pose.x, Math.round(onWay.pose.y * 10)], [true, 2.2, 22]);
    const there = after(onWay, 60);
    assert.deepEqual([there.driving, there.lastNode?.nodeId, idsOf(there)], [false, 'W2', ['E2']]);
    assert.equal(there.pose.y, crossing('W2').y);
    assert.deepEqual(
      there.edges.map(({ edgeId }) => edgeId),
      ['W2-E2'],
    );
  });

  it('replaces its unreleased part by an update, wherever it drives', () => {
    const update = orderBy(['W2', 'W3', 'E3'], 2, { orderUpdateId: 1, from: 2 });
    for (const seconds of [0, 1, 60]) {
      const updated = takeOrder(after(started, seconds), update);
      assert.deepEqual(errorsOf(updated), []);
      const there = after(updated, 60);
      assert.deepEqual([there.lastNode, idsOf(there)], [{ nodeId: 'W3', sequenceId: 4 }, ['E3']]);
    }
  });

  it('ignores an order update that it has already received', () => {
    const driving = after(started, 1);
    assert.equal(takeOrder(driving, orderBy(['W1', 'W2', 'E2'], 2)), driving);
  });

  it('keeps its order and reports why it rejects another', () => {
    const stranger = orderBy(['W1', 'E1'], 2, { orderId: 'two' });
    const refused: readonly (readonly [string, Order])[] = [
      ['orderUpdateError', stranger],
      ['orderUpdateError', orderBy(['W3', 'E3'], 2, { orderUpdateId: 1, from: 2 })],
      ['orderUpdateError', orderBy(['W2', 'W3'], 2, { orderUpdateId: 1, from: 4 })],
      ['orderUpdateError', orderBy(['W2', 'W3'], 2, { orderUpdateId: -1, from: 2 })],
      ['validationError', { ...orderBy(['W2', 'W3'], 2, { orderUpdateId: 1, from: 2 }), edges: [] }],
    ];
    for (const [type, order] of refused) {
      const unchanged = takeOrder(started, order);
      assert.deepEqual([errorsOf(unchanged), unchanged.order, unchanged.nodes], [[type], started.order, started.nodes]);
    }
    assert.deepEqual(errorsOf(takeOrder(CARRIER_AT_START, orderBy(['E4', 'E3'], 2))), ['noRouteError']);
    const unplaced = { ...stranger, nodes: stranger.nodes.map(({ position: _, ...node }) => node) };
    assert.deepEqual(errorsOf(takeOrder(CARRIER_AT_START, unplaced)), ['orderError']);
  });

  it('cancels its order on request, stops, and accepts one that begins there', () => {
    const driving = after(started, 1);
    const action = { actionId: 'a', actionType: 'cancelOrder', parameters: {} };
    const stopped = executeInstantAction(driving, action);
    assert.deepEqual([stopped.driving, stopped.nodes, stopped.edges], [false, [], []]);
    assert.deepEqual(stopped.actions, [{ actionId: 'a', actionType: 'cancelOrder', status: 'FINISHED' }]);
    assert.equal(executeInstantAction(stopped, action), stopped, 'it is known');
    assert.equal(after(stopped, 5).pose.y, driving.pose.y);
    assert.deepEqual(errorsOf(takeOrder(stopped, orderBy(['W1', 'E1'], 2, { orderId: 'two' }))), ['noRouteError']);
    const back = orderBy(['W1', 'E1'], 2, { orderId: 'two' });
    const here = { ...back.nodes[0], nodeId: 'here', position: { mapId: 'warehouse', ...stopped.pose } };
    const fromHere = takeOrder(stopped, { ...back, nodes: [here, ...back.nodes.slice(1)] });
    assert.deepEqual([errorsOf(fromHere), fromHere.lastNode?.nodeId], [[], 'here']);
  });
});

describe('a carrier with an instant action', () => {
  it('reports what it cannot do', () => {
    for (const [actionType, error] of [
      ['cancelOrder', 'noOrderToCancel'],
      ['lift', 'instantActionError'],
      ['toString', 'instantActionError'],
    ]) {
      const refused = executeInstantAction(CARRIER_AT_START, { actionId: 'a', actionType, parameters: {} });
      assert.deepEqual([refused.actions[0]?.status, errorsOf(refused)], ['FAILED', [error]]);
    }
  });

  it('stores the newest actions, up to a limit', () => {
    let carrier = CARRIER_AT_START;
    for (let count = 0; count < 100; count += 1) {
      carrier = executeInstantAction(carrier, { actionId: String(count), actionType: 'stateRequest', parameters: {} });
    }
    assert.deepEqual([carrier.actions.length, carrier.actions.at(-1)?.actionId], [32, '99']);
  });
});
