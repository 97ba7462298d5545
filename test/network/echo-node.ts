import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

const BEAT_MS = 100;

/**
 * A medkit node in a separate process. It joins the graph of its environment with the given lease in milliseconds,
 * repeats /chatter on /echo and publishes on /beat. It prints the names of the other nodes as one line of JSON,
 * initially and after each change.
 */
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  random: systemRandom,
  files: systemFiles,
  leaseMs: Number(process.argv[2]),
});
const node = await adapter.node({ name: 'echo' });
const echo = await node.publisher('/echo', 'std_msgs/msg/String');
await node.subscribe({
  topic: '/chatter',
  type: 'std_msgs/msg/String',
  onSample: ({ message }) => message && void echo.publish(message),
});
const beat = await node.publisher('/beat', 'std_msgs/msg/String');
systemClock.every(BEAT_MS, () => void beat.publish({ data: 'beat' }));
const show = async () => {
  const { nodes } = await adapter.graph();
  console.log(JSON.stringify(nodes.map(({ fqn }) => fqn)));
};
adapter.onGraphChange(show);
await show();
// The end of standard input means that the parent has exited.
process.stdin.resume().once('end', () => adapter.close().then(() => process.exit()));
