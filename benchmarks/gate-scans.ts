import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * A scanner with an obstacle under control of the parent. On `near` or `far` on the IPC channel it scans immediately
 * and replies with the time, milliseconds since 1970. Navigation wants to drive all the time.
 */
const SCAN_MS = 100;
const RAYS = 360;
const NEAR_M = 0.3;
const FAR_M = 3;

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'gate_scans' });
const scan = await node.publisher('/scan', 'sensor_msgs/msg/LaserScan', { reliability: 'best_effort', depth: 5 });
const wanted = await node.publisher('/cmd_vel_nav', 'geometry_msgs/msg/Twist');
const angles = { angle_min: -Math.PI, angle_increment: (2 * Math.PI) / RAYS, range_min: 0.05, range_max: 12 };
const ranges = new Float32Array(RAYS).fill(FAR_M);
const look = (): void => {
  void scan.publish({ ...angles, ranges });
  void wanted.publish({ linear: { x: 0.5, y: 0, z: 0 } });
};
setInterval(look, SCAN_MS);
process.on('message', (word: 'near' | 'far') => {
  ranges.fill(word === 'near' ? NEAR_M : FAR_M);
  const atMs = performance.timeOrigin + performance.now();
  look();
  process.send?.(atMs);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
