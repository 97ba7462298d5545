import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Peer, startPeer } from '../test/interop/peer.ts';
import { peersMissing, type Vendor, vendors } from '../test/interop/peer-programs.ts';
import { baselineWrites, openBaseline } from './baseline-store.ts';
import { cpuMs, formatRounds } from './process.ts';
import { BENCHMARK_DOMAIN, startGateway, startServiceNode } from './stage.ts';

const ROUNDS = 5;
const REPORTS = 4000;
const IN_FLIGHT = [1, 8];
/** Reports until frequently called code is compiled. */
const WARM_UP = 8000;
const PATIENCE_MS = 30_000;
const TYPE = 'ros2_medkit_msgs/srv/ReportFault';
const BASELINE_MS = 500;

/**
 * Processor time of all gateway threads per report: reports of one active fault by a C++ peer. Compared with calls of
 * the same type that a medkit node answers without storing, and with bare database writes, in the same rounds.
 */
export async function reports(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  for (const vendor of vendors) await reportsOf(vendor);
}

async function reportsOf(vendor: Vendor): Promise<void> {
  await using gateway = await startGateway('--set', 'fault_manager.mode=own');
  await using servant = await startServiceNode();
  await using peer = await startPeer({
    vendor,
    domainId: BENCHMARK_DOMAIN,
    lifeSeconds: 600,
    commands: ['node /motor'],
  });
  const called = { gateway: '/fault_manager/report_fault', servant: '/forget_fault' };
  for (const service of Object.values(called)) await call(peer, service, WARM_UP, 8);
  const disk: number[] = [];
  const figures = IN_FLIGHT.map((inFlight) => ({ inFlight, gateway: series(), servant: series() }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { inFlight, ...sides } of figures) {
      for (const side of ['servant', 'gateway'] as const) {
        const { pid } = side === 'gateway' ? gateway : servant;
        const beforeMs = cpuMs(pid);
        const { answered, seconds } = await call(peer, called[side], REPORTS, inFlight);
        sides[side].cpuMs.push((cpuMs(pid) - beforeMs) / answered);
        sides[side].perSecond.push(answered / seconds);
      }
    }
    disk.push(baselineWriteCpuMs());
  }
  console.log(`${vendor}: bare node:sqlite ${formatRounds(disk)} ms of the processor a write`);
  for (const { inFlight, gateway: reported, servant: forgotten } of figures) {
    console.log(
      `${vendor}, ${inFlight} in flight: ${formatRounds(reported.cpuMs)} ms of the processor a report, ` +
        `${formatRounds(forgotten.cpuMs)} ms a call that stores nothing; ` +
        `${rate(reported.perSecond)} beside ${rate(forgotten.perSecond)}`,
    );
  }
}

const series = () => ({ cpuMs: [] as number[], perSecond: [] as number[] });

const rate = (perSecond: readonly number[]): string =>
  `${perSecond.toSorted((a, b) => a - b)[ROUNDS >> 1].toFixed(0)}/s`;

/** Sends reports of one fault, `inFlight` at a time. Fails if one is lost. */
async function call(peer: Peer, service: string, count: number, inFlight: number) {
  const request = `MOTOR_HOT 0 2 /motor hot count=${count} parallel=${inFlight} timeout=${PATIENCE_MS} quiet`;
  peer.command(`call ${service} ${TYPE} ${request}`);
  const done = await peer.event('called', service, 2 * PATIENCE_MS);
  if (done.lost > 0) throw new Error(`${done.lost} calls of ${service} were lost`);
  return done;
}

/** Returns this process's processor time for one row that is on disk before the next. */
function baselineWriteCpuMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const baseline = openBaseline(join(folder, 'bare.db'));
  const before = process.cpuUsage();
  const { perSecond } = baselineWrites(baseline, BASELINE_MS);
  const { user, system } = process.cpuUsage(before);
  baseline.close();
  rmSync(folder, { recursive: true });
  return (user + system) / 1000 / ((perSecond * BASELINE_MS) / 1000);
}
