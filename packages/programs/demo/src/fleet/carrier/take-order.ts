import type { Order, RobotError } from '@medkit/vda5050';
import { distanceBetween } from '../../world/route.ts';
import type { Carrier } from './carrier.ts';

/** Maximum distance between the carrier and the start of an order, metres. */
const REACHABLE_M = 0.5;

/**
 * Returns the carrier with a new or updated order, or with the reason of a rejection (2.1.0, 6.6.2 and 6.6.4). A repeated order
 * changes nothing.
 */
export function takeOrder(carrier: Carrier, order: Order): Carrier {
  const isUpdate = carrier.order?.orderId === order.orderId;
  if (isUpdate && carrier.order?.orderUpdateId === order.orderUpdateId) return carrier;
  const refusal = wholeProblem(order) ?? (isUpdate ? updateProblem(carrier, order) : beginningProblem(carrier, order));
  if (refusal !== undefined) return { ...carrier, errors: [refusalOf(order, refusal)] };
  const { orderId, orderUpdateId } = order;
  const [{ nodeId, sequenceId }, ...nodes] = order.nodes;
  const taken = { ...carrier, order: { orderId, orderUpdateId }, errors: [] };
  if (!isUpdate) return { ...taken, lastNode: { nodeId, sequenceId }, nodes, edges: order.edges };
  const isReleased = ({ released }: { readonly released: boolean }) => released;
  return {
    ...taken,
    nodes: [...carrier.nodes.filter(isReleased), ...nodes],
    edges: [...carrier.edges.filter(isReleased), ...order.edges],
  };
}

/** Error type and description. */
type Refusal = readonly [type: string, description: string];

function wholeProblem({ nodes, edges }: Order): Refusal | undefined {
  if (nodes.length === 0 || edges.length !== nodes.length - 1) {
    return ['validationError', `${nodes.length} nodes and ${edges.length} edges do not form a route`];
  }
  const unplaced = nodes.find(({ position }) => position === undefined);
  return unplaced && ['orderError', `node ${unplaced.nodeId} has no position, and the robot has no map`];
}

function updateProblem({ order, nodes, lastNode }: Carrier, { orderUpdateId, nodes: [first] }: Order) {
  if (order !== undefined && orderUpdateId < order.orderUpdateId) {
    return ['orderUpdateError', `the robot already has update ${order.orderUpdateId}`] as const;
  }
  const end = nodes.findLast(({ released }) => released) ?? lastNode;
  if (first.nodeId === end?.nodeId && first.sequenceId === end.sequenceId) return undefined;
  return ['orderUpdateError', `the update does not start at ${end?.nodeId}, where the base ends`] as const;
}

function beginningProblem({ nodes, pose }: Carrier, { nodes: [{ nodeId, position }] }: Order): Refusal | undefined {
  if (nodes.length > 0) return ['orderUpdateError', 'the robot has an unfinished order: cancel it first'];
  if (position !== undefined && distanceBetween(pose, position) <= REACHABLE_M) return undefined;
  return ['noRouteError', `the order starts at ${nodeId}, more than ${REACHABLE_M} m from the robot`];
}

function refusalOf({ orderId, orderUpdateId }: Order, [type, description]: Refusal): RobotError {
  const references = [
    { key: 'orderId', value: orderId },
    { key: 'orderUpdateId', value: String(orderUpdateId) },
  ];
  return { type, level: 'WARNING', references, description };
}
