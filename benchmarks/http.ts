import { floodOf, load, median } from './process.ts';
import { appIds, startBareServer, startCrowd, startGateway, until } from './stage.ts';

const ROUNDS = 5;

/** `GET /apps` with 200 apps against a bare server with the same bytes, and the reading of a 100 Hz topic. */
export async function http(): Promise<void> {
  await using _crowd = await startCrowd(200);
  await using gateway = await startGateway();
  await until(async () => (await appIds(gateway.url)).length >= 200);
  const body = new Uint8Array(await (await fetch(`${gateway.url}/apps`)).arrayBuffer());
  await using bare = await startBareServer(body);

  for (const close of [false, true]) {
    const ratios: number[] = [];
    const cpuRatios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const calibrator = await floodOf(bare.url, bare.pid, close);
      const measured = await floodOf(`${gateway.url}/apps`, gateway.pid, close);
      ratios.push(measured.perSecond / calibrator.perSecond);
      cpuRatios.push(calibrator.cpuMsPerRequest / measured.cpuMsPerRequest);
    }
    console.log(
      `GET /apps (${(body.length / 1024).toFixed(0)} KB, 16 connections, ${close ? 'one request each' : 'kept alive'}): ` +
        `${median(ratios).toFixed(2)} of the requests of bare node:http (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}), ` +
        `${median(cpuRatios).toFixed(2)} by processor time`,
    );
  }

  const topic = `${gateway.url}/apps/ticker/data/tick`;
  await until(async () => (await fetch(topic)).ok);
  const one = ['--connections', '1'];
  const reads = await load(topic, ...one);
  const calibrator = await load(bare.url, ...one);
  console.log(
    `GET …/data/tick (100 Hz, one kept connection): p50 ${reads.p50Ms.toFixed(2)} ms, p99 ${reads.p99Ms.toFixed(2)} ms; ` +
      `bare server p50 ${calibrator.p50Ms.toFixed(2)} ms`,
  );
}
