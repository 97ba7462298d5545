import type { Order, ProtocolVersion, Received, Reference, RobotError } from '@medkit/vda5050';
import type { InstantActionTracker } from './instant-action-tracker.ts';
import { REFUSAL_TYPES } from './refusal-types.ts';

/** Rejects an order with an error for fleet control: the agent only reports, it does not drive the robot. */
export function refuseOrder(
  tracker: InstantActionTracker,
  version: ProtocolVersion,
  { header, content }: Received<Order>,
): InstantActionTracker {
  const references: readonly Reference[] = [
    { key: 'topic', value: 'order' },
    { key: 'headerId', value: String(header.headerId) },
    { key: 'orderId', value: content.orderId },
    { key: 'orderUpdateId', value: String(content.orderUpdateId) },
  ];
  const orderError: RobotError = {
    type: REFUSAL_TYPES[version].order,
    level: 'WARNING',
    references,
    description: `Order ${content.orderId} is rejected: this client only reports the state of the robot and executes no orders.`,
    hint: 'Send orders to the client that drives the robot.',
  };
  return { ...tracker, orderError };
}

/** Rejects a malformed order; `problem` is the reason. */
export function refuseMalformedOrder(
  tracker: InstantActionTracker,
  version: ProtocolVersion,
  problem: string,
): InstantActionTracker {
  return { ...tracker, orderError: malformedError(version, 'order', problem) };
}

/** Creates the error for a malformed message. */
export function malformedError(
  version: ProtocolVersion,
  topic: 'order' | 'instantActions',
  problem: string,
): RobotError {
  return {
    type: REFUSAL_TYPES[version].malformed,
    level: 'WARNING',
    references: [{ key: 'topic', value: topic }],
    description: `A message on the topic ${topic} cannot be read: ${problem}.`,
  };
}
