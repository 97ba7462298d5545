import { once } from 'node:events';
import { systemClock, udpDatagrams, unixStreams } from '@medkit/edges/node';
import { ingestAddress, ingestWriter, openIngestSender } from '@medkit/ingest';
import { BENCHMARK_KEY, EIGHT_PORTS } from './ingest.ts';

/** A process that sends states to an address at a rate for a number of seconds; reports how many messages it sent. */
const [address = '', rate, seconds] = process.argv.slice(2);
const writer = ingestWriter({ session: BigInt(Date.now()), key: BENCHMARK_KEY, declaration: EIGHT_PORTS });
const sender = openIngestSender({
  address: ingestAddress(address),
  datagrams: udpDatagrams,
  streams: unixStreams,
  clock: systemClock,
});
const values = EIGHT_PORTS.apps[0]!.ports.map((_, at) => at / 3);
const nowUs = () => BigInt(Math.round(performance.now() * 1000));
const most = Number(rate) * Number(seconds);
let sent = 0;

process.send?.('ready');
await once(process, 'message');
const beganMs = performance.now();
while (!sender.send(writer.declaration(nowUs()))) await new Promise((resolve) => setTimeout(resolve, 1));
sent += 1;
while (sent < most) {
  const due = Math.min(most, ((performance.now() - beganMs) / 1000) * Number(rate));
  for (; sent < due; sent += 1) sender.send(writer.state(nowUs(), values, ['passed', 'passed']));
  await new Promise((resolve) => setTimeout(resolve, 1));
}
process.send?.(sent);
await once(process, 'disconnect');
sender.close();
