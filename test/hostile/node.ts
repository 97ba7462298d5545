import { hostname } from 'node:os';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { type LocalNode, openRosAdapter, type RosMessage, readEnvironment } from '@medkit/ros2';
import { openHostileParameters } from './parameters.ts';
import { ANSI, LONG, MARKUP, NUL, ROS_TEXTS, SCRIPT_LINK, SHORT_MARKUP, TURNED } from './texts.ts';
import { deepMessage, HOSTILE_MEMBERS } from './type-folder.ts';

/** A robot in a separate process that publishes extreme data within the limits of ROS 2, and some beyond them. */

const EVERY_MS = 300;
const LATCHED = { durability: 'transient_local', depth: 100 } as const;

/** Encodes arbitrary bytes as CDR of `std_msgs/msg/String`. */
function stringCdr(octets: Uint8Array): Uint8Array {
  const cdr = Buffer.alloc(8 + octets.length + 1);
  cdr.writeUInt16BE(1, 0);
  cdr.writeUInt32LE(octets.length + 1, 4);
  cdr.set(octets, 8);
  return cdr;
}

const stamp = (): RosMessage => ({ sec: Math.floor(Date.now() / 1000), nanosec: 0 });

async function report(node: LocalNode, code: string, description: string, source_id: string): Promise<void> {
  const client = await node.client('/fault_manager/report_fault', 'ros2_medkit_msgs/srv/ReportFault');
  while ((await client.ready()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  await client.call({ fault_code: code, event_type: 0, severity: 2, description, source_id }, { timeoutMs: 10_000 });
  await client.close();
}

const [, , typeFolder = ''] = process.argv;
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
  typeFolders: [typeFolder],
  participantName: SHORT_MARKUP,
  process: { id: process.pid, hostname: hostname(), name: SHORT_MARKUP },
});
const node = await adapter.node({ name: 'constructor', namespace: '/__proto__', typeDescriptions: true });
await adapter.node({ name: `n${'x'.repeat(200)}`, namespace: '/onerror/alert/script' });
await openHostileParameters(node);

const topics: readonly (readonly [topic: string, type: string, messages: readonly (RosMessage | Uint8Array)[]])[] = [
  ['/hostile/text', 'std_msgs/msg/String', ROS_TEXTS.map((data) => ({ data }))],
  [
    '/hostile/octets',
    'std_msgs/msg/String',
    [stringCdr(Buffer.from([0xff, 0x00, 0xed, 0xa0, 0x80, 0x3c, 0x62, 0x3e]))],
  ],
  ['/hostile/short', 'std_msgs/msg/String', [Buffer.from([0, 1, 0, 0, 255, 255, 255, 127, 60])]],
  [
    '/__proto__/constructor',
    'hostile_msgs/msg/Constructor',
    [Object.fromEntries(HOSTILE_MEMBERS.map((n) => [n, MARKUP]))],
  ],
  ['/hostile/deep', 'hostile_msgs/msg/Deep0', [deepMessage(MARKUP) as RosMessage]],
  ['/hostile/wide', 'hostile_msgs/msg/Wide', [{ field0: Number.NaN, field1: 1e308 }]],
  ['/hostile/level', 'std_msgs/msg/Float64', [Number.NaN, 1e308, -1e308, 5e-324].map((data) => ({ data }))],
  [`/hostile/${'t'.repeat(200)}`, 'std_msgs/msg/String', [{ data: LONG }]],
];
const publishers = await Promise.all(
  topics.map(async ([topic, type, messages]) => ({ publisher: await node.publisher(topic, type), messages })),
);
const logs = await node.publisher('/rosout', 'rcl_interfaces/msg/Log', LATCHED);
await node.service('/__proto__/onerror', 'hostile_msgs/srv/Onerror', async () => ({
  constructor: MARKUP,
  onerror: SCRIPT_LINK,
}));

let round = 0;
setInterval(() => {
  round += 1;
  for (const { publisher, messages } of publishers) {
    void publisher.publish(messages[round % messages.length]!).catch((error) => console.error(publisher.topic, error));
  }
  if (round % 10 !== 1) return;
  for (const [at, msg] of ROS_TEXTS.entries()) {
    const line = {
      stamp: stamp(),
      level: [20, 30, 40, 50][at % 4]!,
      name: at === 0 ? MARKUP : '__proto__.constructor',
    };
    void logs.publish({ ...line, msg, file: MARKUP, function: ANSI, line: 2 ** 32 - 1 }).catch(console.error);
  }
}, EVERY_MS);
console.log('ready');
await report(node, 'HOSTILE_NODE', MARKUP, node.fqn);
await report(node, SHORT_MARKUP, `${TURNED} ${NUL}`, SHORT_MARKUP);
await report(node, 'constructor', LONG, '/__proto__');
console.log('reported');
