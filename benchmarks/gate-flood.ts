import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * The ROS side of a safety gate: a scanner and a navigation that wants to drive. On request of the parent it also
 * floods an unrelated topic with this many messages a second. Receives `flood` with a rate (0: none) on the IPC
 * channel.
 */
const TICK_MS = 2;
const SCAN_MS = 100;
const RAYS = 360;
const TURN = 2 * Math.PI;

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'ros_side' });
const scan = await node.publisher('/scan', 'sensor_msgs/msg/LaserScan', { reliability: 'best_effort', depth: 5 });
const wanted = await node.publisher('/cmd_vel_nav', 'geometry_msgs/msg/Twist');
const other = await node.publisher('/other', 'std_msgs/msg/String');
const message = await adapter.encode('std_msgs/msg/String', { data: 'x'.repeat(91) });
const ranges = new Float32Array(RAYS).fill(3);

setInterval(() => {
  const angles = { angle_min: -Math.PI, angle_increment: TURN / RAYS, range_min: 0.05, range_max: 12 };
  void scan.publish({ ...angles, ranges });
  void wanted.publish({ linear: { x: 0.5, y: 0, z: 0 } });
}, SCAN_MS);

let perSecond = 0;
let due = 0;
let sent = 0;
let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  due = perSecond > 0 ? due + (perSecond * (nowMs - lastMs)) / 1000 : 0;
  lastMs = nowMs;
  for (; due >= 1; due -= 1) {
    sent += 1;
    void other.publish(message);
  }
}, TICK_MS);

process.on('message', (rate: number) => {
  perSecond = rate;
  process.send?.(sent);
  sent = 0;
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
