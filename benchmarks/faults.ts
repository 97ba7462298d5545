import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Peer, startPeer } from '../test/interop/peer.ts';
import { peersMissing, type Vendor, vendors } from '../test/interop/peer-programs.ts';
import { baselineWrites, openBaseline, summary } from './baseline-store.ts';
import { listenToFaults } from './fault-listener.ts';
import { formatRounds, load } from './process.ts';
import { BENCHMARK_DOMAIN, type Gateway, startGateway, startServiceNode, until } from './stage.ts';

const ROUNDS = 3;
const SERVICE = '/fault_manager/report_fault';
/** The queue depth of a ROS service: more calls in flight could be lost. */
const IN_FLIGHT = 8;

/** Maximum time of a report on a busy machine. */
const PATIENCE_MS = 30_000;

const STREAMS = [1, 50];
const STREAMED = { perSecond: 100, reports: 500 };
const SETTLED_MS = 500;
const WARM_UP = 1000;
const SUSTAINED = 30_000;
const BURST = 2000;

/** Fault reports of C++ peers over DDS: time until they are events, and number stored per second. */
export async function faults(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  disk();
  for (const vendor of vendors) for (const streams of STREAMS) await reportToEvent(vendor, streams);
  for (const vendor of vendors) await sustained(vendor);
  await burst();
}

/** The calibrator of storage: one row after the other, each on disk before the next. */
function disk(): void {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const baseline = openBaseline(join(folder, 'bare.db'));
  const { perSecond, p50Ms, p99Ms } = baselineWrites(baseline, 1000);
  baseline.close();
  rmSync(folder, { recursive: true });
  console.log(
    `bare node:sqlite: ${perSecond.toFixed(0)} writes/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`,
  );
}

/**
 * Time from just before a report is sent until its event arrives here, compared with calls at the same rate that store
 * nothing.
 */
async function reportToEvent(vendor: Vendor, streams: number): Promise<void> {
  const { reports, perSecond } = STREAMED;
  const pace = `count=${reports} rate=${perSecond} parallel=${IN_FLIGHT}`;
  const rounds = [];
  const calibrators = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using gateway = await startGateway('--set', 'fault_manager.mode=own');
    await using peer = await reporter(vendor);
    await report(peer, `WARM_UP 0 2 /motor warm count=${WARM_UP} parallel=${IN_FLIGHT}`);
    using listeners = await listenToFaults(`${gateway.url}/faults/stream`, streams);
    await report(peer, `MOTOR_{n} 0 2 /motor {now} ${pace}`);
    // Parsing the arrivals blocks this process, so it waits until all have arrived.
    await delay(SETTLED_MS);
    await until(async () => listeners.latenciesMs().length >= reports * streams);
    rounds.push(summary(listeners.latenciesMs(), (1000 * reports) / perSecond));
    await using _servant = await startServiceNode();
    peer.command(`call /sum example_interfaces/srv/AddTwoInts 1 2 ${pace} quiet`);
    calibrators.push(await peer.event('called', '/sum', 60_000));
  }
  console.log(
    `report to event, ${vendor}, ${perSecond}/s, ${streams} streams: ` +
      `p50 ${formatRounds(rounds.map(({ p50Ms }) => p50Ms))} ms, p99 ${formatRounds(rounds.map(({ p99Ms }) => p99Ms))} ms; ` +
      `calls that store nothing p50 ${formatRounds(calibrators.map(({ p50Ms }) => p50Ms ?? Number.NaN))} ms, ` +
      `p99 ${formatRounds(calibrators.map(({ p99Ms }) => p99Ms ?? Number.NaN))} ms`,
  );
}

/** Reports at the maximum rate, while a client reads the health. */
async function sustained(vendor: Vendor): Promise<void> {
  await using gateway = await startGateway('--set', 'fault_manager.mode=own');
  await using peer = await reporter(vendor);
  const done = report(peer, `MOTOR_HOT 0 2 /motor hot count=${SUSTAINED} parallel=${IN_FLIGHT}`);
  const health = await load(`${gateway.url}/health`, '--connections', '1', '--seconds', '4', '--pause-ms', '8');
  const { answered, seconds, p50Ms, p99Ms } = await done;
  const accepted = (await faultFigures(gateway)).reports_accepted_total;
  console.log(
    `reports, ${vendor}, ${IN_FLIGHT} in flight: ${(answered / seconds).toFixed(0)}/s, ` +
      `${accepted} of ${SUSTAINED} accepted, p50 ${p50Ms?.toFixed(2)} ms, p99 ${p99Ms?.toFixed(2)} ms; ` +
      `GET /health meanwhile p50 ${health.p50Ms.toFixed(2)} ms, p99 ${health.p99Ms.toFixed(2)} ms`,
  );
}

/** A failing robot: many faults, each for the first time, of a node with data to capture. */
async function burst(): Promise<void> {
  await using gateway = await startGateway('--set', 'fault_manager.mode=own');
  await using peer = await reporter('cyclone');
  peer.command('pub /motor/state std_msgs/msg/String rate=20 quiet');
  const { answered, seconds } = await report(peer, `BURST_{n} 0 2 /motor hot count=${BURST} parallel=${IN_FLIGHT}`);
  const { items } = (await (await fetch(`${gateway.url}/faults`)).json()) as { items: readonly unknown[] };
  console.log(`${answered} distinct faults in ${seconds.toFixed(2)} s, ${items.length} listed`);
  console.log(`x-medkit-faults: ${JSON.stringify(await faultFigures(gateway))}`);
}

/** A node of another vendor that reports faults. */
export function reporter(vendor: Vendor): Promise<Peer> {
  return startPeer({ vendor, domainId: BENCHMARK_DOMAIN, lifeSeconds: 120, commands: ['node /motor'] });
}

/** Sends reports with these `call` arguments of the peer and returns the result. Fails if a report is lost. */
export async function report(peer: Peer, args: string) {
  peer.command(`call ${SERVICE} ros2_medkit_msgs/srv/ReportFault ${args} timeout=${PATIENCE_MS} quiet`);
  const called = await peer.event('called', SERVICE, 2 * PATIENCE_MS);
  if (called.lost > 0) throw new Error(`${called.lost} reports were lost`);
  return called;
}

async function faultFigures({ url }: Gateway): Promise<Readonly<Record<string, unknown>>> {
  const health = (await (await fetch(`${url}/health`)).json()) as Readonly<Record<string, Record<string, unknown>>>;
  return health['x-medkit-faults'] ?? {};
}
