import { parseArgs } from 'node:util';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, type Publisher, readEnvironment } from '@medkit/ros2';

/**
 * A node `/voltages` with many topics, each at a fixed rate. A value is the time of the machine's monotonic clock in
 * nanoseconds: positive once in `--every` messages, negative in all others. With `--listen` it subscribes instead and
 * decodes all samples. Sends `ready` on the IPC channel.
 */
const { values } = parseArgs({
  options: {
    topics: { type: 'string' },
    'per-second': { type: 'string', default: '10' },
    every: { type: 'string', default: '10' },
    listen: { type: 'boolean', default: false },
  },
});
const TYPE = 'std_msgs/msg/Float64';
const TICK_MS = 5;
const count = Number(values.topics);
const topics = Array.from({ length: count }, (_, index) => `/voltage_${index}`);

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: values.listen ? 'listener' : 'voltages' });
if (values.listen) {
  for (const topic of topics) {
    await node.subscribe({ topic, type: TYPE, onSample: ({ cdr }) => void adapter.decode(TYPE, cdr) });
  }
} else await publishAll();
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

/** Publishes one topic after the other, spread evenly over time. */
async function publishAll(): Promise<void> {
  const publishers: Publisher[] = [];
  for (const topic of topics) publishers.push(await node.publisher(topic, TYPE));
  const perMs = (count * Number(values['per-second'])) / 1000;
  let sent = 0;
  const startedMs = performance.now();
  setInterval(async () => {
    const due = Math.floor((performance.now() - startedMs) * perMs);
    for (; sent < due; sent += 1) {
      const round = Math.floor(sent / count);
      // Topics are above zero at different times.
      const isAbove = (round + sent) % Number(values.every) === 0;
      const nowNs = Number(process.hrtime.bigint());
      const cdr = await adapter.encode(TYPE, { data: isAbove ? nowNs : -nowNs });
      void publishers[sent % count].publish(cdr);
    }
  }, TICK_MS);
}
