import { distanceBetween } from '../../world/route.ts';
import { type Carrier, SPEED_MPS } from './carrier.ts';

/** Battery consumption per hour of driving, percent. It stops at a minimum, because the carrier is never charged. */
const PERCENT_PER_HOUR = 10;
const LEAST_PERCENT = 40;

/** Returns the carrier one step later. It drives along the released nodes of its order. */
export function stepCarrier(carrier: Carrier, stepSec: number): Carrier {
  let after = carrier;
  let left = SPEED_MPS * stepSec;
  // Each iteration passes a node or consumes the remaining distance.
  while (left > 0) {
    const [node] = after.nodes;
    if (node?.position === undefined || !node.released) return { ...after, driving: false };
    const metres = distanceBetween(after.pose, node.position);
    const { x, y } = after.pose;
    const yaw = metres > 0 ? Math.atan2(node.position.y - y, node.position.x - x) : after.pose.yaw;
    if (metres > left) {
      const pose = { x: x + left * Math.cos(yaw), y: y + left * Math.sin(yaw), yaw };
      return drained({ ...after, pose, driving: true }, stepSec);
    }
    left -= metres;
    after = {
      ...after,
      pose: { x: node.position.x, y: node.position.y, yaw },
      lastNode: { nodeId: node.nodeId, sequenceId: node.sequenceId },
      nodes: after.nodes.slice(1),
      edges: after.edges.filter(({ sequenceId }) => sequenceId > node.sequenceId),
    };
  }
  return drained(after, stepSec);
}

function drained(carrier: Carrier, stepSec: number): Carrier {
  const spent = (PERCENT_PER_HOUR * stepSec) / 3600;
  return { ...carrier, chargePercent: Math.max(LEAST_PERCENT, carrier.chargePercent - spent) };
}
