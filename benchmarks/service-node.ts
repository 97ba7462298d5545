import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * A medkit node that serves `/sum`, and `/forget_fault` that stores nothing, for other vendors' clients. Sends `ready`
 * on the IPC channel.
 */
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'servant' });
await node.service('/sum', 'example_interfaces/srv/AddTwoInts', ({ a, b }) => ({ sum: (a as bigint) + (b as bigint) }));
await node.service('/forget_fault', 'ros2_medkit_msgs/srv/ReportFault', () => ({ accepted: true }));

process.on('disconnect', () => process.exit(0));
process.send?.('ready');
