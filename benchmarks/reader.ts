import { parseArgs } from 'node:util';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment, sourceMsOf } from '@medkit/ros2';

/**
 * Subscribes to one topic. On the IPC channel it sends `matched` when the first sample arrives and, on `tell`, a tally:
 * samples, lost ones, the time from the first to the last, latency, processor time.
 */
const { values } = parseArgs({
  options: {
    topic: { type: 'string', default: '/bench' },
    type: { type: 'string', default: 'std_msgs/msg/String' },
    'best-effort': { type: 'boolean', default: false },
    buffer: { type: 'string' },
  },
});

let count = 0;
let lost = 0;
let firstMs = 0;
let lastMs = 0;
let lastNumber = 0;
let cpuAtFirst = process.cpuUsage();
const latenciesMs: number[] = [];

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
  ...(values.buffer && { receiveBufferBytes: Number(values.buffer) }),
});
const node = await adapter.node({ name: 'bench_reader' });
await node.subscribe({
  topic: values.topic,
  type: values.type,
  raw: true,
  qos: { reliability: values['best-effort'] ? 'best_effort' : 'reliable', history: 'keep_all' },
  onSample: (sample) => {
    lastMs = performance.now();
    if (count === 0) {
      firstMs = lastMs;
      cpuAtFirst = process.cpuUsage();
    } else lost += sample.sequenceNumber - lastNumber - 1;
    lastNumber = sample.sequenceNumber;
    count += 1;
    const publishedMs = sourceMsOf(sample);
    if (publishedMs !== undefined) latenciesMs.push(sample.receivedMs - publishedMs);
  },
});

process.on('message', async (message) => {
  if (message !== 'tell') return;
  const cpu = process.cpuUsage(cpuAtFirst);
  latenciesMs.sort((a, b) => a - b);
  process.send?.({
    count,
    lost,
    seconds: (lastMs - firstMs) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    p50Ms: latenciesMs[Math.floor(latenciesMs.length / 2)],
    p99Ms: latenciesMs[Math.floor(latenciesMs.length * 0.99)],
    residentMb: process.memoryUsage().rss / 1e6,
    grantedBytes: (await adapter.facts()).receiveBuffer.grantedBytes,
  });
});
process.on('disconnect', () => adapter.close());
process.send?.('ready');
