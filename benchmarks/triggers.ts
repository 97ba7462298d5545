import { setTimeout as delay } from 'node:timers/promises';
import { summary } from './baseline-store.ts';
import { type Arrival, arrival, openStream } from './fault-listener.ts';
import { formatRounds, onCpuMs } from './process.ts';
import { appIds, type Started, startGateway, startProgram, until } from './stage.ts';

const TOPICS = 200;
const TRIGGERS_PER_TOPIC = 5;
const ROUNDS = 3;
const ROUND_MS = 5000;
const SETTLED_MS = 2000;
const APP = 'voltages';
/** Matches the publication time of a value in its payload. */
const PUBLISHED_AT = /"payload":\{"data":(\d+)/;

/**
 * A thousand triggers on two hundred topics with two thousand messages a second, compared with a node that only decodes
 * these.
 */
export async function triggers(): Promise<void> {
  for (const persistent of [false, true]) await measured(persistent);
}

async function measured(persistent: boolean): Promise<void> {
  await using gateway = await startGateway('--set', `sse.max_clients=${TOPICS}`);
  await using _voltages = await startProgram('voltages.ts', '--topics', String(TOPICS));
  await until(async () => (await appIds(gateway.url)).includes(APP));
  const begun = performance.now();
  const arrivals: Arrival[] = [];
  const sockets = [];
  for (let topic = 0; topic < TOPICS; topic += 1) {
    const resource = `/api/v1/apps/${APP}/data/voltage_${topic}`;
    // One trigger fires once a second; the others are evaluated for every value.
    const firing = await create(gateway.url, { resource, lower_bound: 0, upper_bound: 1e18, persistent });
    for (let more = 1; more < TRIGGERS_PER_TOPIC; more += 1) {
      await create(gateway.url, { resource, lower_bound: more, upper_bound: more, persistent });
    }
    const events = `${new URL(gateway.url).origin}${firing}`;
    sockets.push(await openStream(events, (octets) => arrivals.push(arrival(octets))));
  }
  const madeMs = performance.now() - begun;
  await using decoder = await startProgram('voltages.ts', '--topics', String(TOPICS), '--listen');
  await delay(SETTLED_MS);
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure([gateway, decoder], arrivals));
  for (const socket of sockets) socket.destroy();
  const [share, decoderShare] = [0, 1].map((of) => formatRounds(rounds.map(({ shares }) => 100 * shares[of])));
  const quantile = (of: 'p50Ms' | 'p99Ms') =>
    formatRounds(rounds.map(({ latenciesMs }) => summary(latenciesMs, 1)[of]));
  const perSecond = formatRounds(rounds.map(({ latenciesMs }) => (1000 * latenciesMs.length) / ROUND_MS));
  console.log(
    `${TOPICS * TRIGGERS_PER_TOPIC} ${persistent ? 'persistent' : 'plain'} triggers made in ${(madeMs / 1000).toFixed(1)} s; ` +
      `${perSecond} events/s, p50 ${quantile('p50Ms')} ms, p99 ${quantile('p99Ms')} ms, ` +
      `${share} % of a core; a node that decodes the same messages ${decoderShare} %`,
  );
}

/** Returns the path of its events. */
async function create(
  url: string,
  {
    resource,
    persistent,
    ...bounds
  }: { resource: string; persistent: boolean; lower_bound: number; upper_bound: number },
): Promise<string> {
  const trigger_condition = { condition_type: 'EnterRange', ...bounds };
  const reply = await fetch(`${url}/apps/${APP}/triggers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resource, trigger_condition, multishot: true, persistent }),
  });
  if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
  return ((await reply.json()) as { event_source: string }).event_source;
}

/** Core share of each process over a period, and the latencies of events in it. */
interface Measured {
  readonly shares: readonly number[];
  readonly latenciesMs: readonly number[];
}

async function measure(processes: readonly Started[], arrivals: Arrival[]): Promise<Measured> {
  arrivals.length = 0;
  const before = processes.map(({ pid }) => onCpuMs(pid));
  const startedAt = performance.now();
  await delay(ROUND_MS);
  const elapsedMs = performance.now() - startedAt;
  const shares = processes.map(({ pid }, at) => (onCpuMs(pid) - before[at]) / elapsedMs);
  const latenciesMs = arrivals.flatMap(({ atNs, octets }) =>
    octets
      .toString()
      .split('\n\n')
      .flatMap((frame) => {
        const publishedNs = PUBLISHED_AT.exec(frame)?.[1];
        return publishedNs === undefined ? [] : [(Number(atNs) - Number(publishedNs)) / 1e6];
      }),
  );
  return { shares, latenciesMs };
}
