import type { RosMessage } from '@medkit/ros2';
import type { Velocity } from '../robot/drive.ts';
import type { Point, Pose } from '../world/plane.ts';
import { distanceBetween } from '../world/route.ts';

/** geometry_msgs/msg/Quaternion of a yaw angle. */
function yawQuaternion(yaw: number): RosMessage {
  return { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) };
}

/** Returns the yaw angle of a geometry_msgs/msg/Quaternion. */
export function yawOf({ x, y, z, w }: { readonly [axis in 'x' | 'y' | 'z' | 'w']: number }): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}

/** geometry_msgs/msg/Pose on the floor. */
export function poseMessage({ x, y, yaw }: Pose): RosMessage {
  return { position: { x, y, z: 0 }, orientation: yawQuaternion(yaw) };
}

/** geometry_msgs/msg/TransformStamped from `header.frame_id` to `child`. */
export function transformMessage(header: RosMessage, child: string, { x, y, yaw }: Pose, z = 0): RosMessage {
  return { header, child_frame_id: child, transform: { translation: { x, y, z }, rotation: yawQuaternion(yaw) } };
}

/** geometry_msgs/msg/Twist of a motion on the floor. */
export function twistMessage({ linearMps, angularRps }: Velocity): RosMessage {
  return { linear: { x: linearMps, y: 0, z: 0 }, angular: { x: 0, y: 0, z: angularRps } };
}

/** Returns the planar motion of a geometry_msgs/msg/Twist. Its members may be invalid numbers. */
export function velocityOf({ linear, angular }: RosMessage): Velocity {
  return { linearMps: Number((linear as RosMessage).x), angularRps: Number((angular as RosMessage).z) };
}

/** nav_msgs/msg/Path along straight lines between these points, with a pose about every `spacingM`. */
export function pathMessage(header: RosMessage, points: readonly Point[], spacingM: number): RosMessage {
  const [start, ...rest] = points;
  const poses: RosMessage[] = [];
  let from = start;
  for (const to of rest) {
    const yaw = Math.atan2(to.y - from.y, to.x - from.x);
    const count = Math.max(1, Math.ceil(distanceBetween(from, to) / spacingM));
    for (let index = poses.length === 0 ? 0 : 1; index <= count; index += 1) {
      const part = index / count;
      const pose = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, yaw };
      poses.push({ header, pose: poseMessage(pose) });
    }
    from = to;
  }
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

/** builtin_interfaces/msg/Duration. */
export function durationMessage(sec: number): RosMessage {
  const whole = Math.floor(sec);
  return { sec: whole, nanosec: Math.round((sec - whole) * 1e9) % 1e9 };
}
