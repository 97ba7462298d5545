import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startGate } from '@medkit/demo';
import { udpDatagrams, unixStreams } from '@medkit/edges/node';
import { ingestAddress, ingestReceiver, openIngestListener, portValue } from '@medkit/ingest';
import { onCpuMs } from './process.ts';
import { BENCHMARK_DOMAIN, startProgram, until } from './stage.ts';

const ROUND_MS = 10_000;
const SETTLED_MS = 1000;
const FLOOD_PER_SECOND = 5000;
/** Indexes of the ports in the gate's declaration. */
const CYCLES = 5;
const MISSED = 6;

/**
 * Cycles that a safety gate misses on a dedicated core, next to a ROS side that only scans, that floods an unrelated
 * topic, or that is stopped. The calibrator is a plain timer of this process at the same time.
 */
export async function gateInterference(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-gate-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rmSync(folder, { recursive: true }));
  const address = `unix:${join(folder, 'island.sock')}`;
  const last = { cycles: 0, missed: 0 };
  const receiver = ingestReceiver({
    key: undefined,
    listener: {
      declared: () => undefined,
      state({ ports }) {
        last.cycles = Number(portValue(ports, CYCLES, 'int64'));
        last.missed = Number(portValue(ports, MISSED, 'int64'));
      },
    },
  });
  const listener = await openIngestListener({
    address: ingestAddress(address),
    datagrams: udpDatagrams,
    streams: unixStreams,
    onMessage: (octets) => receiver.receive(octets),
  });
  resources.defer(() => listener.close());
  // A reader of the flood: without a match nothing would be sent.
  const reader = resources.use(await startProgram('reader.ts', '--topic', '/other', '--best-effort'));
  const ros = resources.use(await startProgram('gate-flood.ts'));
  // A stopped process cannot exit cleanly.
  resources.defer(() => void [reader, ros].map(({ child }) => child.kill('SIGCONT')));
  const gate = startGate({ domainId: BENCHMARK_DOMAIN, environment: process.env, ingest: { address } });
  resources.defer(() => gate.stop());
  await gate.ready;
  const pinned = pin(reader.pid, 0) && pin(ros.pid, 0) && pin(gate.pid as number, 1);
  await until(async () => last.cycles > 0);

  const setRate = async (perSecond: number): Promise<number> => {
    const answer = once(ros.child, 'message');
    ros.child.send(perSecond);
    return (await answer)[0] as number;
  };
  const receivedCount = async (): Promise<number> => {
    const answer = once(reader.child, 'message');
    reader.child.send('tell');
    return ((await answer) as [{ readonly count: number }])[0].count;
  };
  const round = async (beside: string, flood: () => Promise<string> = async () => '') => {
    await delay(SETTLED_MS);
    const before = { ...last };
    const cpuMs = onCpuMs(gate.pid as number);
    const startedMs = performance.now();
    const baselineMissed = await baselineTimer();
    const elapsedMs = performance.now() - startedMs;
    const share = (100 * (onCpuMs(gate.pid as number) - cpuMs)) / elapsedMs;
    const flooded = await flood();
    console.log(
      `beside ${beside}: ${last.missed - before.missed} of ${last.cycles - before.cycles} cycles missed, ` +
        `${share.toFixed(1)} % of a core; a bare timer missed ${baselineMissed}${flooded}`,
    );
  };
  console.log(pinned ? 'the gate on core 1, the ROS side on core 0' : 'not pinned: there is no taskset, or one core');
  await round('an idle ROS side');
  await setRate(FLOOD_PER_SECOND);
  await round('a flooded one', async () => `; ${await setRate(0)} messages sent, ${await receivedCount()} heard`);
  for (const { child } of [reader, ros]) child.kill('SIGSTOP');
  await round('a stopped one');
}

/** Pins all threads of a process to one core. Returns false if this machine does not allow it. */
function pin(pid: number, core: number): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Counts the periods that a bare timer of this process misses in a round, with the period of the gate. */
async function baselineTimer(): Promise<number> {
  const periodMs = 10;
  let missed = 0;
  let dueMs = performance.now() + periodMs;
  const endMs = performance.now() + ROUND_MS;
  while (performance.now() < endMs) {
    await delay(Math.max(0, dueMs - performance.now()));
    const late = Math.max(0, Math.floor((performance.now() - dueMs) / periodMs));
    missed += late;
    dueMs += (late + 1) * periodMs;
  }
  return missed;
}
