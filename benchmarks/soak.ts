import { startPeer } from '../test/interop/peer.ts';
import { peersMissing } from '../test/interop/peer-programs.ts';
import { cpuMs, residentMb } from './process.ts';
import { BENCHMARK_DOMAIN, startGateway, until } from './stage.ts';

const READ_EVERY_MS = 5000;
/** Allowed growth after the first sixth of the time. */
const MAX_GROWTH_MB = 64;
const minutes = Number(process.env['SOAK_MINUTES'] ?? 60);
/** Messages a second; a higher rate has the same effect as more time. */
const rate = Number(process.env['SOAK_RATE'] ?? 2000);

/**
 * A gateway under steady traffic, read now and then. Fails if memory grows after the first sixth of the time, ten
 * minutes of an hour.
 */
export async function soak(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  await using gateway = await startGateway();
  const publish = `pub /soak std_msgs/msg/String size=92 rate=${rate} quiet`;
  await using _peer = await startPeer({
    vendor: 'cyclone',
    domainId: BENCHMARK_DOMAIN,
    lifeSeconds: minutes * 60 + 60,
    commands: ['node /soaker', publish],
  });
  const topic = `${gateway.url}/apps/soaker/data/soak`;
  await until(async () => (await fetch(topic)).ok);
  const perMinute = 60_000 / READ_EVERY_MS;
  let settledMb = Number.POSITIVE_INFINITY;
  for (let minute = 1; minute <= minutes; minute += 1) {
    const before = cpuMs(gateway.pid);
    for (let read = 0; read < perMinute; read += 1) {
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
      const answer = await fetch(topic);
      const { data } = (await answer.json()) as { data: { data?: string } };
      if (typeof data.data !== 'string') throw new Error(`minute ${minute}: no value (${answer.status})`);
    }
    const share = (cpuMs(gateway.pid) - before) / 600;
    const nowMb = residentMb(gateway.pid);
    if (minute === Math.ceil(minutes / 6)) settledMb = nowMb;
    console.log(`minute ${minute}: ${nowMb.toFixed(1)} MB resident, ${share.toFixed(0)} % of a core`);
  }
  const growthMb = residentMb(gateway.pid) - settledMb;
  if (growthMb > MAX_GROWTH_MB) throw new Error(`it grew by ${growthMb.toFixed(1)} MB`);
}
