import { compareWithBaseline } from './baseline.ts';
import { load } from './process.ts';
import { appIds, startBaselineServer, startCrowd, startGateway, until } from './stage.ts';

/**
 * `GET /apps` with 200 apps, `GET /docs` and `GET /health` against a bare server with the same bytes, and reading a 100
 * Hz topic.
 */
export async function http(): Promise<void> {
  await using _crowd = await startCrowd(200);
  await using gateway = await startGateway();
  await until(async () => (await appIds(gateway.url)).length >= 200);
  for (const path of ['/apps', '/docs', '/health']) await compareWithBaseline(gateway.url + path, gateway.pid, path);

  const topic = `${gateway.url}/apps/ticker/data/tick`;
  await until(async () => (await fetch(topic)).ok);
  await using baseline = await startBaselineServer(new Uint8Array(await (await fetch(topic)).arrayBuffer()));
  const one = ['--connections', '1'];
  const reads = await load(topic, ...one);
  const calibrator = await load(baseline.url, ...one);
  console.log(
    `GET …/data/tick (100 Hz, one kept connection): p50 ${reads.p50Ms.toFixed(2)} ms, p99 ${reads.p99Ms.toFixed(2)} ms; ` +
      `bare server p50 ${calibrator.p50Ms.toFixed(2)} ms`,
  );
}
