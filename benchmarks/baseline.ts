import { floodOf, formatRounds } from './process.ts';
import { startBaselineServer } from './stage.ts';

const ROUNDS = 7;

/** Compares the answers of a process at `url` with a bare server that sends the same bytes, in alternating rounds. */
export async function compareWithBaseline(url: string, pid: number, name: string): Promise<void> {
  const plain = { headers: { 'Accept-Encoding': 'identity' } };
  const body = new Uint8Array(await (await fetch(url, plain)).arrayBuffer());
  await using server = await startBaselineServer(body);
  for (const close of [false, true]) {
    const ratios: number[] = [];
    const cpuRatios: number[] = [];
    // Warms up both servers, so that cold code is not measured.
    await floodOf(server.url, server.pid, close);
    await floodOf(url, pid, close);
    for (let round = 0; round < ROUNDS; round += 1) {
      const calibrator = await floodOf(server.url, server.pid, close);
      const measured = await floodOf(url, pid, close);
      ratios.push(measured.perSecond / calibrator.perSecond);
      cpuRatios.push(calibrator.cpuMsPerRequest / measured.cpuMsPerRequest);
    }
    console.log(
      `GET ${name} (${(body.length / 1024).toFixed(0)} KB, 16 connections, ${close ? 'one request each' : 'kept alive'}): ` +
        `${formatRounds(ratios)} of the requests of bare node:http, ${formatRounds(cpuRatios)} by processor time`,
    );
  }
}
