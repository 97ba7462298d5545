import { parseArgs } from 'node:util';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import {
  type LocalNode,
  openParameterServer,
  openRosAdapter,
  PARAMETER_SERVICES,
  type ParameterDeclaration,
  type RosAdapter,
  readEnvironment,
} from '@medkit/ros2';

/**
 * Runs many nodes on the domain of the environment, 25 to a participant like a composed process. Each has a few
 * publishers and subscriptions; one node publishes at 100 Hz. Uses JSON lines on the IPC channel. Sends `ready`. On
 * `add` it starts one more node and sends its name and the time. On `join` it starts a node with a separate
 * participant, like a new process; on `leave` this node ends.
 */
const NODES_PER_PARTICIPANT = 25;
const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100' },
    topics: { type: 'string', default: '4' },
    /** Parameters of each node. Without it, the nodes have no parameters and no parameter services. */
    parameters: { type: 'string', default: '0' },
    /** Nodes declare beacon parameters. */
    beacons: { type: 'boolean', default: false },
    /** Number of nodes that never answer parameter requests. */
    mute: { type: 'string', default: '0' },
  },
});
const count = Number(values.nodes);
const topics = Number(values.topics);
const mute = Number(values.mute);
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

/** Beacon parameters of a node. */
const beaconOf = (name: string): readonly ParameterDeclaration[] =>
  Object.entries({ entity_id: name, display_name: `The ${name}`, 'metadata.firmware': '2.4.1' }).map(
    ([field, value]) => ({ name: `ros2_medkit.discovery.${field}`, value: { type: 'string', value } }),
  );

/** Simulates a hanging node: its services exist but never answer. */
async function offerNothing(node: LocalNode): Promise<void> {
  for (const [service, type] of Object.entries(PARAMETER_SERVICES)) {
    await node.service(`${node.fqn}/${service}`, type, () => new Promise<never>(() => undefined));
  }
}

async function addNode(adapter: RosAdapter, name: string, isMute = false): Promise<void> {
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
  const declared = values.beacons ? [...declarations, ...beaconOf(name)] : declarations;
  if (isMute) await offerNothing(node);
  else if (declared.length > 0) await openParameterServer(node, { declarations: declared, clock: systemClock });
}

const adapters: RosAdapter[] = [];
for (let index = 0; index < count; index += 1) {
  if (index % NODES_PER_PARTICIPANT === 0) adapters.push(await open());
  await addNode(adapters[adapters.length - 1], `node_${String(index).padStart(3, '0')}`, index < mute);
}

const ticker = await adapters[0].node({ name: 'ticker' });
const tick = await ticker.publisher('/tick', 'geometry_msgs/msg/PoseStamped');
let ticks = 0;
setInterval(() => {
  ticks += 1;
  void tick.publish({ pose: { position: { x: ticks, y: 0, z: 0 } } });
}, 10);

let guest: RosAdapter | undefined;
process.on('message', async (message) => {
  const name = `late_${process.hrtime.bigint()}`;
  const atMs = performance.timeOrigin + performance.now();
  if (message === 'add') await addNode(adapters[0], name);
  if (message === 'join') {
    guest = await open();
    await addNode(guest, name);
  }
  if (message === 'leave') await guest?.close();
  process.send?.({ name, atMs });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
