import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatRounds, load, median, onCpuMs } from './process.ts';
import { appIds, startCrowd, startGateway, until } from './stage.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const NODES = 60;
/** Duration of a measurement; it is divided by the requests of one second. */
const SECONDS = 2;

/**
 * Processor time that traces add to a request, with the default sampling and with every request recorded. The calibrator
 * is a second gateway without traces (A/A). Each measurement lies between two of the gateway without traces, whose mean is
 * the baseline, since the speed of a shared machine drifts. The collector accepts everything.
 */
export async function traces(): Promise<void> {
  const collector = createServer((request, reply) => request.resume().on('end', () => reply.end('{}')));
  collector.listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const endpoint = `traces.otlp.endpoint=http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const traced = (ratio: number) =>
    startGateway('--set', 'traces.enabled=true', '--set', endpoint, '--set', `traces.sample_ratio=${ratio}`);
  await using _crowd = await startCrowd(NODES);
  await using off = await startGateway();
  await using again = await startGateway();
  await using few = await traced(0.01);
  await using all = await traced(1);
  const gateways = { 'two gateways without': again, 'sampling 0.01': few, 'sampling 1': all };
  for (const { url } of [off, ...Object.values(gateways)]) await until(async () => (await appIds(url)).length >= NODES);
  // The first path is answered with the earlier reply; an error is answered through the whole chain.
  for (const path of ['/apps', '/apps/unknown']) {
    const cpuMsOf = async ({ url, pid }: typeof off) => {
      const before = onCpuMs(pid);
      const { perSecond } = await load(url + path, '--any-status', '--seconds', String(SECONDS));
      return (onCpuMs(pid) - before) / perSecond;
    };
    for (const gateway of [off, ...Object.values(gateways)])
      for (let warmUp = 0; warmUp < 2; warmUp += 1) await cpuMsOf(gateway);
    const ratios = new Map(Object.keys(gateways).map((name) => [name, [] as number[]] as const));
    const addedUs = new Map(Object.keys(gateways).map((name) => [name, [] as number[]] as const));
    for (let round = 0; round < ROUNDS; round += 1) {
      let before = await cpuMsOf(off);
      for (const [name, gateway] of Object.entries(gateways)) {
        const measured = await cpuMsOf(gateway);
        const after = await cpuMsOf(off);
        const without = (before + after) / 2;
        before = after;
        ratios.get(name)?.push(measured / without);
        addedUs.get(name)?.push((1000 * (measured - without)) / SECONDS);
      }
    }
    for (const [name, rounds] of ratios)
      console.log(
        `GET ${path}, ${name}: ${formatRounds(rounds)} of the processor time without traces, ${median(addedUs.get(name) ?? []).toFixed(1)} µs more`,
      );
  }
  collector.closeAllConnections();
  collector.close();
}
