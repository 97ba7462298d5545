import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startMosquitto } from '../test/harness/mosquitto.ts';
import { missingSystemPackages } from '../test/harness/system-packages.ts';
import { summary } from './baseline-store.ts';
import type { FaultOrder, FaultSent } from './fault-sender.ts';
import {
  baselineHopsMs,
  type FaultTimes,
  FLEET_ROBOT,
  listenToFaultEvents,
  listenToFaultMessages,
} from './fleet-listeners.ts';
import { formatRounds, onCpuMs, residentMb } from './process.ts';
import { type Gateway, type Started, startFleetAgent, startGateway, startProgram, until } from './stage.ts';

const FAULTS = 200;
/** Events until frequently called code is compiled. */
const WARM_UP = 100;
/** Interval between two events. */
const EVENT_EVERY_MS = 150;
const ROUNDS = 3;

const AGENTS = 500;
const STATES_MS = 20_000;
const SETTLED_MS = 3000;

/** The first PASSED report heals. */
const HEALING = `
fault_manager:
  ros__parameters:
    healing_enabled: true
    healing_threshold: 0
`;

/**
 * Cost of a fleet agent: time from a fault event until a state with it is at the broker. Compared with a plain listener
 * of the same events and a program that sends and receives as much. Also many agents in one process, compared with
 * their connections alone.
 */
export async function fleetAgent(): Promise<void> {
  const missing = missingSystemPackages('mosquitto');
  if (missing) {
    console.log(missing);
    return;
  }
  await eventToMessage('of one gateway');
  await eventToMessage('of a gateway that shows another one', async (resources) => {
    const peer = resources.use(await startGateway('--set', 'ros.enabled=false'));
    return [
      'aggregation.enabled=true',
      `aggregation.peer_urls=${new URL(peer.url).origin}`,
      'aggregation.peer_names=other',
    ];
  });
  await manyAgents();
}

async function eventToMessage(
  whose: string,
  more: (resources: AsyncDisposableStack) => Promise<readonly string[]> = async () => [],
): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
  resources.defer(() => rmSync(folder, { recursive: true }));
  const faultFile = join(folder, 'faults.yaml');
  writeFileSync(faultFile, HEALING);
  const settings = ['fault_manager.mode=own', `fault_manager.config_file=${faultFile}`, ...(await more(resources))];
  const gateway = resources.use(await startGateway(...settings.flatMap((setting) => ['--set', setting])));
  const broker = resources.use(await startMosquitto());
  const sender = resources.use(await startProgram('fault-sender.ts'));
  const messages = resources.use(await listenToFaultMessages(broker.url));
  const events = resources.use(await listenToFaultEvents(`${gateway.url}/faults/stream`));
  const agentFile = join(folder, 'vda5050.yaml');
  writeFileSync(agentFile, agentText({ gateway, brokerUrl: broker.url, folder }));
  const agent = resources.use(startFleetAgent(agentFile));
  const teller = resources.use(await startProgram('baseline-agent.ts', gateway.url, broker.url));
  const spentMs = (): readonly number[] => [agent, teller].map(({ pid }) => onCpuMs(pid));
  await until(async () => messages.states > 0);

  const rounds: Round[] = [];
  await faultsInTurn({ sender, events, messages, from: 0, count: WARM_UP });
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = spentMs();
    await delay(2 * FAULTS * EVENT_EVERY_MS);
    const between = spentMs();
    const from = WARM_UP + round * FAULTS;
    const latencies = await faultsInTurn({ sender, events, messages, from, count: FAULTS });
    const cpuMs = spentMs().map((ms, at) => (ms - 2 * between[at] + before[at]) / (2 * FAULTS));
    rounds.push({ ...latencies, cpuMs, hopsMs: await baselineHopsMs(broker.url) });
  }
  const quantiles = (of: (round: Round) => readonly number[]): string => {
    const each = rounds.map((round) => summary(of(round), 1));
    return `p50 ${formatRounds(each.map(({ p50Ms }) => p50Ms))} ms, p99 ${formatRounds(each.map(({ p99Ms }) => p99Ms))} ms`;
  };
  console.log(`${whose}, ${FAULTS} faults that come and go:`);
  console.log(`  event to message: ${quantiles(({ fromEventMs }) => fromEventMs)}`);
  console.log(`  of those that come: ${quantiles(({ comingMs }) => comingMs)}`);
  console.log(`  report to message: ${quantiles(({ fromReportMs }) => fromReportMs)}`);
  console.log(`  a bare message over the same broker: ${quantiles(({ hopsMs }) => hopsMs)}`);
  const [ofAgent, ofTeller] = [0, 1].map((at) => formatRounds(rounds.map(({ cpuMs }) => cpuMs[at])));
  console.log(`  CPU for an event: ${ofAgent} ms; of a program that sends and receives as much ${ofTeller} ms`);
}

interface AgentSurroundings {
  readonly gateway: Gateway;
  readonly brokerUrl: string;
  readonly folder: string;
}

/** The configuration of an agent that only reports faults. */
const agentText = ({ gateway, brokerUrl, folder }: AgentSurroundings): string => `
gateway: { url: ${gateway.url} }
broker: { url: ${brokerUrl} }
robot: { version: ${FLEET_ROBOT.version}, manufacturer: ${FLEET_ROBOT.manufacturer}, serial: ${FLEET_ROBOT.serialNumber} }
listen_s: 0.1
http: off
data_dir: ${folder}
values:
  position: none
  velocity: { vx: { value: 0 }, vy: { value: 0 }, omega: { value: 0 } }
  battery: { charge: { value: 80 }, charging: { value: false } }
  emergency_stop: { value: NONE }
  field_violation: { value: false }
`;

interface Latencies {
  readonly fromEventMs: readonly number[];
  /** Those of faults that appear, for which the agent reads the list. */
  readonly comingMs: readonly number[];
  readonly fromReportMs: readonly number[];
}

interface Round extends Latencies {
  /** Processor time per event of agent and calibrator, above their idle consumption. */
  readonly cpuMs: readonly number[];
  readonly hopsMs: readonly number[];
}

interface Turns {
  readonly sender: Started;
  readonly events: FaultTimes;
  readonly messages: FaultTimes;
  readonly from: number;
  readonly count: number;
}

/** Sets and clears one fault after the other, and waits for each at the broker. */
async function faultsInTurn({ sender, events, messages, from, count }: Turns): Promise<Latencies> {
  const fromEventMs: number[] = [];
  const comingMs: number[] = [];
  const fromReportMs: number[] = [];
  for (let number = from; number < from + count; number += 1) {
    for (const event of ['FAILED', 'PASSED'] as const) {
      const pause = delay(EVENT_EVERY_MS);
      const code = `FAULT_${number}`;
      const answer = once(sender.child, 'message');
      sender.child.send({ code, event } satisfies FaultOrder);
      const [{ atNs }] = (await answer) as [FaultSent];
      const times =
        event === 'FAILED' ? ([events.come, messages.come] as const) : ([events.gone, messages.gone] as const);
      await until(async () => times.every((time) => time.has(code)));
      const [eventNs = 0n, messageNs = 0n] = times.map((time) => time.get(code));
      fromEventMs.push(Number(messageNs - eventNs) / 1e6);
      if (event === 'FAILED') comingMs.push(Number(messageNs - eventNs) / 1e6);
      fromReportMs.push(Number(messageNs - BigInt(atNs)) / 1e6);
      await pause;
    }
  }
  return { fromEventMs, comingMs, fromReportMs };
}

async function manyAgents(): Promise<void> {
  for (const [name, ...options] of [[`${AGENTS} agents`], [`${AGENTS} bare connections`, '--bare']]) {
    await using broker = await startMosquitto();
    const args = ['--broker', broker.url, '--count', String(AGENTS), ...options];
    await using crowd = await startProgram('fleet-crowd.ts', ...args);
    const sent = async (): Promise<number> => {
      const answer = once(crowd.child, 'message');
      crowd.child.send('count');
      return ((await answer) as [number])[0];
    };
    await delay(SETTLED_MS);
    const shares: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [before, sentBefore, beganMs] = [onCpuMs(crowd.pid), await sent(), performance.now()];
      await delay(STATES_MS);
      const elapsedMs = performance.now() - beganMs;
      shares.push((100 * (onCpuMs(crowd.pid) - before)) / elapsedMs);
      rates.push((1000 * ((await sent()) - sentBefore)) / elapsedMs);
    }
    console.log(
      `${name} in one process: ${formatRounds(shares)} % of a core, ${formatRounds(rates)} states/s, ${residentMb(crowd.pid).toFixed(0)} MB`,
    );
  }
}
