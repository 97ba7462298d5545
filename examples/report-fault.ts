import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * A node that reports a fault and, five seconds later, that it has passed, like a node of rclcpp or rclpy: with the
 * service `/fault_manager/report_fault`. With the demo:
 *
 * ROS_DOMAIN_ID=221 ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST npm run example -- examples/report-fault.ts
 */
const FAILED = 0;
const PASSED = 1;
const ERROR = 2;

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'motor', namespace: '/drive' });
const manager = await node.client('/fault_manager/report_fault', 'ros2_medkit_msgs/srv/ReportFault');
while ((await manager.ready()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));

async function report(event_type: number, description: string): Promise<void> {
  const fault = { fault_code: 'MOTOR_HOT', event_type, severity: ERROR, description, source_id: node.fqn };
  const { accepted } = await manager.call(fault, { timeoutMs: 5000 });
  console.log(event_type === FAILED ? 'failed' : 'passed', accepted ? 'reported' : 'not accepted');
}

await report(FAILED, 'The motor has 86 °C');
setTimeout(async () => {
  await report(PASSED, '');
  await adapter.close();
}, 5000);
