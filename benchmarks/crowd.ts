import { parseArgs } from 'node:util';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import {
  openParameterServer,
  openRosAdapter,
  type ParameterDeclaration,
  type RosAdapter,
  readEnvironment,
} from '@medkit/ros2';

/**
 * A crowd of nodes on the domain of the environment, 25 to a participant as a composed process has them, each with a few
 * publishers and subscriptions; one of them publishes at 100 Hz. Speaks JSON lines on the IPC channel: tells `ready`, and
 * on `add` starts one node more and tells its name and the time.
 */
const NODES_PER_PARTICIPANT = 25;
const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100' },
    topics: { type: 'string', default: '4' },
    /** Parameters of each node; none and no parameter services without it. */
    parameters: { type: 'string', default: '0' },
  },
});
const count = Number(values.nodes);
const topics = Number(values.topics);
const declarations = Array.from(
  { length: Number(values.parameters) },
  (_, index): ParameterDeclaration => ({ name: `gain_${index}`, value: { type: 'double', value: index } }),
);

const open = () =>
  openRosAdapter({
    environment: readEnvironment(process.env),
    clock: systemClock,
    datagrams: udpDatagrams,
    files: systemFiles,
    random: systemRandom,
  });

async function addNode(adapter: RosAdapter, name: string): Promise<void> {
  const node = await adapter.node({ name, namespace: `/group_${name.length % 7}` });
  for (let topic = 0; topic < topics; topic += 1) {
    await node.publisher(`/${name}/out_${topic}`, 'std_msgs/msg/Float64');
    await node.subscribe({
      topic: `/${name}/in_${topic}`,
      type: 'std_msgs/msg/Float64',
      raw: true,
      onSample: () => undefined,
    });
  }
  if (declarations.length > 0) await openParameterServer(node, { declarations, clock: systemClock });
}

const adapters: RosAdapter[] = [];
for (let index = 0; index < count; index += 1) {
  if (index % NODES_PER_PARTICIPANT === 0) adapters.push(await open());
  await addNode(adapters[adapters.length - 1], `node_${String(index).padStart(3, '0')}`);
}

const ticker = await adapters[0].node({ name: 'ticker' });
const tick = await ticker.publisher('/tick', 'geometry_msgs/msg/PoseStamped');
let ticks = 0;
setInterval(() => {
  ticks += 1;
  void tick.publish({ pose: { position: { x: ticks, y: 0, z: 0 } } });
}, 10);

process.on('message', async (message) => {
  if (message !== 'add') return;
  const name = `late_${process.hrtime.bigint()}`;
  const atMs = performance.timeOrigin + performance.now();
  await addNode(adapters[0], name);
  process.send?.({ name, atMs });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
