import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

const PAUSE_MS = 100;
const TIMEOUT_MS = 1000;

/**
 * A medkit node in a separate process that calls a service continuously, with a timeout of a second. Prints a line of
 * JSON for each call, `answered` or the name of its error, and for each change of the interfaces.
 */
const [, , service = '', type = ''] = process.argv;
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  random: systemRandom,
  files: systemFiles,
});
const node = await adapter.node({ name: 'caller' });
const client = await node.client(service, type);
let isOver = false;
// The end of standard input means that the parent has exited.
process.stdin.resume().once('end', () => {
  isOver = true;
});
let reported = 0;
while (!isOver) {
  try {
    await client.call({}, { timeoutMs: TIMEOUT_MS });
    console.log(JSON.stringify({ call: 'answered' }));
  } catch (error) {
    console.log(JSON.stringify({ call: (error as Error).name }));
  }
  const { interfaceEvents } = await adapter.facts();
  for (const { change, address } of interfaceEvents.slice(reported)) {
    console.log(JSON.stringify({ change, address }));
  }
  reported = interfaceEvents.length;
  await delay(PAUSE_MS);
}
await adapter.close();
process.exit();
