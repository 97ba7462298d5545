import { floodOf, load, shown } from './process.ts';
import { appIds, type Gateway, startBareServer, startCrowd, startGateway, until } from './stage.ts';

const ROUNDS = 5;

/** `GET /apps` with 200 apps and `GET /docs` against a bare server with the same bytes, and the reading of a 100 Hz topic. */
export async function http(): Promise<void> {
  await using _crowd = await startCrowd(200);
  await using gateway = await startGateway();
  await until(async () => (await appIds(gateway.url)).length >= 200);
  for (const path of ['/apps', '/docs']) await besideBare(gateway, path);

  const topic = `${gateway.url}/apps/ticker/data/tick`;
  await until(async () => (await fetch(topic)).ok);
  await using bare = await startBareServer(new Uint8Array(await (await fetch(topic)).arrayBuffer()));
  const one = ['--connections', '1'];
  const reads = await load(topic, ...one);
  const calibrator = await load(bare.url, ...one);
  console.log(
    `GET …/data/tick (100 Hz, one kept connection): p50 ${reads.p50Ms.toFixed(2)} ms, p99 ${reads.p99Ms.toFixed(2)} ms; ` +
      `bare server p50 ${calibrator.p50Ms.toFixed(2)} ms`,
  );
}

async function besideBare(gateway: Gateway, path: string): Promise<void> {
  const url = gateway.url + path;
  const plain = { headers: { 'Accept-Encoding': 'identity' } };
  const body = new Uint8Array(await (await fetch(url, plain)).arrayBuffer());
  await using bare = await startBareServer(body);
  for (const close of [false, true]) {
    const ratios: number[] = [];
    const cpuRatios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const calibrator = await floodOf(bare.url, bare.pid, close);
      const measured = await floodOf(url, gateway.pid, close);
      ratios.push(measured.perSecond / calibrator.perSecond);
      cpuRatios.push(calibrator.cpuMsPerRequest / measured.cpuMsPerRequest);
    }
    console.log(
      `GET ${path} (${(body.length / 1024).toFixed(0)} KB, 16 connections, ${close ? 'one request each' : 'kept alive'}): ` +
        `${shown(ratios)} of the requests of bare node:http, ${shown(cpuRatios)} by processor time`,
    );
  }
}
