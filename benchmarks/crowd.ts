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
 * A crowd of nodes on the domain of the environment, 25 to a participant as a composed process has them, each with a few
 * publishers and subscriptions; one of them publishes at 100 Hz. Speaks JSON lines on the IPC channel: tells `ready`, and
 * on `add` starts one node more and tells its name and the time; on `join` one that has a participant of its own, as a
 * process has that is started, and on `leave` that one ends.
 */
const NODES_PER_PARTICIPANT = 25;
const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100' },
    topics: { type: 'string', default: '4' },
    /** Parameters of each node; none and no parameter services without it. */
    parameters: { type: 'string', default: '0' },
    /** Nodes say among their parameters who they are. */
    beacons: { type: 'boolean', default: false },
    /** So many of the nodes never answer when they are asked for their parameters. */
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

/** What the parameters of a node say of it. */
const beaconOf = (name: string): readonly ParameterDeclaration[] =>
  Object.entries({ entity_id: name, display_name: `The ${name}`, 'metadata.firmware': '2.4.1' }).map(
    ([field, value]) => ({ name: `ros2_medkit.discovery.${field}`, value: { type: 'string', value } }),
  );

/** As a node does that hangs: it is there, and says nothing. */
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
