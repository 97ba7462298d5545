import type { ActionState, Order, OrderEdge, OrderNode, RobotError, RobotState } from '@medkit/vda5050';
import type { Pose } from '../../world/plane.ts';
import { crossing } from '../lanes/lanes.ts';

/** A simulated robot that only executes orders of fleet control. Plain data, like `Robot`. */
export interface Carrier {
  readonly pose: Pose;
  readonly order?: Pick<Order, 'orderId' | 'orderUpdateId'>;
  /** Last passed node. */
  readonly lastNode?: Pick<OrderNode, 'nodeId' | 'sequenceId'>;
  /** Remaining nodes. */
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
  readonly driving: boolean;
  readonly chargePercent: number;
  readonly actions: readonly ActionState[];
  /** Errors of the last rejected message. */
  readonly errors: readonly RobotError[];
}

export const SPEED_MPS = 1;

export const CARRIER_AT_START: Carrier = {
  pose: { x: crossing('W1').x, y: crossing('W1').y, yaw: 0 },
  nodes: [],
  edges: [],
  driving: false,
  chargePercent: 96,
  actions: [],
  errors: [],
};

/** Returns the state of a carrier on a map. */
export function stateOf(carrier: Carrier, mapId: string): RobotState {
  const { pose, order, lastNode, nodes, edges, driving, chargePercent, actions, errors } = carrier;
  return {
    ...(order && { order }),
    ...(lastNode && { lastNode }),
    nodes: nodes.map(({ nodeId, sequenceId, released }) => ({ id: nodeId, sequenceId, released })),
    edges: edges.map(({ edgeId, sequenceId, released }) => ({ id: edgeId, sequenceId, released })),
    position: { mapId, x: pose.x, y: pose.y, theta: pose.yaw, localized: true },
    velocity: { vx: driving ? SPEED_MPS : 0, vy: 0, omega: 0 },
    driving,
    actions: [],
    instantActions: actions,
    battery: { chargePercent, charging: false },
    operatingMode: 'AUTOMATIC',
    errors,
    information: [],
    safety: { emergencyStop: 'NONE', fieldViolation: false },
  };
}
