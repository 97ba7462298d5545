import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, type Publisher, readEnvironment } from '@medkit/ros2';

/**
 * The traffic of a busy robot: 5,000 messages a second of 100 bytes, and 20 MB a second in messages of 64 KB, on two
 * topics. On the IPC channel the parent sets a multiple of it (0: none); the reply to `count` is what was sent.
 */
const TICK_MS = 2;
const SMALL_PER_SECOND = 5000;
const LARGE_PER_SECOND = 20_000_000 / 65_536;

const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'torrent' });

/** Builds a string message of `bytes` bytes in total, its encapsulation header included. */
const text = (bytes: number) => adapter.encode('std_msgs/msg/String', { data: 'x'.repeat(bytes - 9) });

interface Stream {
  readonly publisher: Publisher;
  readonly message: Uint8Array;
  readonly perSecond: number;
  sent: number;
  due: number;
}

const stream = async (topic: string, bytes: number, perSecond: number): Promise<Stream> => ({
  publisher: await node.publisher(topic, 'std_msgs/msg/String'),
  message: await text(bytes),
  perSecond,
  sent: 0,
  due: 0,
});
const small = await stream('/small', 100, SMALL_PER_SECOND);
const large = await stream('/large', 65_536, LARGE_PER_SECOND);

let times = 0;
let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  const elapsedS = (nowMs - lastMs) / 1000;
  lastMs = nowMs;
  for (const one of [small, large]) {
    one.due = times > 0 ? one.due + times * one.perSecond * elapsedS : 0;
    for (; one.due >= 1; one.due -= 1) {
      one.sent += 1;
      void one.publisher.publish(one.message);
    }
  }
}, TICK_MS);
// Without traffic the topics still get an occasional sample, so that they can be read.
setInterval(() => {
  for (const { publisher, message } of times > 0 ? [] : [small, large]) void publisher.publish(message);
}, 100);

process.on('message', (word) => {
  if (word === 'count') process.send?.({ small: small.sent, large: large.sent, atMs: performance.now() });
  else times = word as number;
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
