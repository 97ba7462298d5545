import { parseArgs } from 'node:util';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * Publishes `count` strings of 100 bytes as fast as a reliable subscription accepts them, and reports the time taken.
 */
const { values } = parseArgs({
  options: { topic: { type: 'string', default: '/bench' }, count: { type: 'string', default: '100000' } },
});
const count = Number(values.count);
/** Samples between two checks whether the subscription keeps up; half of a keep-all history would be too many. */
const BATCH = 500;

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'bench_writer' });
const publisher = await node.publisher(values.topic, 'std_msgs/msg/String', {
  reliability: 'reliable',
  history: 'keep_all',
});
while ((await publisher.matched()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));

const cdr = await adapter.encode('std_msgs/msg/String', { data: 'x'.repeat(92) });
const startedAt = performance.now();
for (let sent = 0; sent < count; sent += BATCH) {
  for (let index = 0; index < BATCH; index += 1) void publisher.publish(cdr);
  if (!(await publisher.acknowledged(10_000))) throw new Error(`not acknowledged after ${sent} samples`);
}
process.send?.({ count, seconds: (performance.now() - startedAt) / 1000 });
process.on('disconnect', () => adapter.close());
