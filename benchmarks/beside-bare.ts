import { floodOf, shown } from './process.ts';
import { startBareServer } from './stage.ts';

const ROUNDS = 7;

/** What a process answers at `url`, against a bare server that sends the same octets; both are asked in turns. */
export async function besideBare(url: string, pid: number, name: string): Promise<void> {
  const plain = { headers: { 'Accept-Encoding': 'identity' } };
  const body = new Uint8Array(await (await fetch(url, plain)).arrayBuffer());
  await using bare = await startBareServer(body);
  for (const close of [false, true]) {
    const ratios: number[] = [];
    const cpuRatios: number[] = [];
    // Code that is cold is not what is compared.
    await floodOf(bare.url, bare.pid, close);
    await floodOf(url, pid, close);
    for (let round = 0; round < ROUNDS; round += 1) {
      const calibrator = await floodOf(bare.url, bare.pid, close);
      const measured = await floodOf(url, pid, close);
      ratios.push(measured.perSecond / calibrator.perSecond);
      cpuRatios.push(calibrator.cpuMsPerRequest / measured.cpuMsPerRequest);
    }
    console.log(
      `GET ${name} (${(body.length / 1024).toFixed(0)} KB, 16 connections, ${close ? 'one request each' : 'kept alive'}): ` +
        `${shown(ratios)} of the requests of bare node:http, ${shown(cpuRatios)} by processor time`,
    );
  }
}
