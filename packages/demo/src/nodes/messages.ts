import type { RosMessage } from '@medkit/ros2';
import type { Point, Pose } from '../world/plane.ts';

/** geometry_msgs/msg/Quaternion of a turn around the upward axis. */
export function yawQuaternion(yaw: number): RosMessage {
  return { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) };
}

/** geometry_msgs/msg/Pose on the floor. */
export function poseMessage({ x, y, yaw }: Pose): RosMessage {
  return { position: { x, y, z: 0 }, orientation: yawQuaternion(yaw) };
}

/** geometry_msgs/msg/TransformStamped from `header.frame_id` to `child`. */
export function transformMessage(header: RosMessage, child: string, { x, y, yaw }: Pose, z = 0): RosMessage {
  return { header, child_frame_id: child, transform: { translation: { x, y, z }, rotation: yawQuaternion(yaw) } };
}

/** The straight way between two points as nav_msgs/msg/Path, a pose about every `spacingM`. */
export function pathMessage(header: RosMessage, from: Point, to: Point, spacingM: number): RosMessage {
  const yaw = Math.atan2(to.y - from.y, to.x - from.x);
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / spacingM));
  const poses = Array.from({ length: count + 1 }, (_, index) => {
    const part = index / count;
    const pose = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, yaw };
    return { header, pose: poseMessage(pose) };
  });
  return { header, poses };
}

/** A 6 by 6 covariance with these variances of x, y and yaw. */
export function covariance(x: number, y: number, yaw: number): Float64Array {
  const matrix = new Float64Array(36);
  matrix[0] = x;
  matrix[7] = y;
  matrix[35] = yaw;
  return matrix;
}
