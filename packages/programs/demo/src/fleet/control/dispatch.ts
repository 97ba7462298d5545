import type { InstantAction, Order } from '@medkit/vda5050';
import type { Traffic } from './closures.ts';
import type { FleetRobot } from './fleet-robot.ts';
import { isBlockedAhead, startAt } from './start.ts';
import { beginTrip, orderOf, rerouted, type Trip, withoutPassedNodes } from './trip.ts';

/** What fleet control has sent to a robot and expects in its state. */
export interface Dispatch {
  /** Index of the next station. */
  readonly next: number;
  /** `undefined` while the robot has no order, or must cancel its order. */
  readonly trip: Trip | undefined;
  /** Number of orders and actions so far, for their ids. */
  readonly count: number;
  readonly sentMs: number;
  /** Attempts of the last message. */
  readonly attempts: number;
}

/** A message to a robot. */
export type Errand =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'action'; readonly action: InstantAction };

export interface DispatchStep {
  readonly dispatch: Dispatch;
  readonly errand?: Errand;
}

/** Time without a reaction of the robot after which a message is repeated: QoS 0 messages may be lost. */
const SEND_AGAIN_MS = 2000;
/** Attempts after which an order is abandoned and replaced by a new one. */
const MAX_ATTEMPTS = 3;

export const NOTHING_SENT: Dispatch = {
  next: 0,
  trip: undefined,
  count: 0,
  sentMs: Number.NEGATIVE_INFINITY,
  attempts: 0,
};

export interface Situation {
  readonly robot: FleetRobot;
  /** Lane availability for the robot. */
  readonly traffic: Traffic;
  readonly nowMs: number;
  /** Prefix of order ids, different for each start of fleet control. */
  readonly prefix: string;
}

/** Returns the next message to a robot that drives rounds, given the earlier messages and its state. */
export function dispatchStep(dispatch: Dispatch, { robot, traffic, nowMs, prefix }: Situation): DispatchStep {
  const { state, lastPlace, connection } = robot;
  if (connection !== 'ONLINE' || state === undefined || lastPlace === undefined) return { dispatch };
  const { closures, taken } = traffic;
  const lanes = { closed: new Set(closures.map(({ lane }) => lane)), taken };
  const isDue = nowMs - dispatch.sentMs >= SEND_AGAIN_MS;
  const { trip } = dispatch;

  if (trip === undefined) {
    if (state.nodes.length > 0) return isDue ? cancelled(dispatch, nowMs, prefix) : { dispatch };
    const orderId = `${prefix}-${dispatch.count}`;
    const begun = beginTrip(orderId, startAt(lastPlace, closures), dispatch.next, lanes);
    return sent({ ...dispatch, count: dispatch.count + 1 }, begun, nowMs);
  }
  const isTaken = state.order?.orderId === trip.orderId && state.order.orderUpdateId === trip.orderUpdateId;
  if (!isTaken) {
    if (!isDue) return { dispatch };
    if (dispatch.attempts >= MAX_ATTEMPTS) return { dispatch: { ...dispatch, trip: undefined, attempts: 0 } };
    return sent(dispatch, trip, nowMs, dispatch.attempts + 1);
  }
  const current = withoutPassedNodes(trip, state);
  if (isBlockedAhead(current, lastPlace, closures)) {
    return cancelled({ ...dispatch, next: current.next, trip: undefined }, nowMs, prefix);
  }
  const better = rerouted(current, lanes);
  const progress = { ...dispatch, next: current.next, trip: current };
  return better === current ? { dispatch: progress } : sent(progress, better, nowMs);
}

function sent(dispatch: Dispatch, trip: Trip, sentMs: number, attempts = 1): DispatchStep {
  return { dispatch: { ...dispatch, trip, sentMs, attempts }, errand: { kind: 'order', order: orderOf(trip) } };
}

function cancelled(dispatch: Dispatch, sentMs: number, prefix: string): DispatchStep {
  const action = { actionId: `${prefix}-cancel-${dispatch.count}`, actionType: 'cancelOrder', parameters: {} };
  return { dispatch: { ...dispatch, count: dispatch.count + 1, sentMs }, errand: { kind: 'action', action } };
}
