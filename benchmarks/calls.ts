import { startPeer } from '../test/interop/peer.ts';
import { peersMissing, type Vendor } from '../test/interop/peer-programs.ts';
import { formatRounds, load } from './process.ts';
import {
  appIds,
  BENCHMARK_DOMAIN,
  type Gateway,
  startBaselineServer,
  startCrowd,
  startGateway,
  startServiceNode,
  until,
} from './stage.ts';

const ROUNDS = 3;
const VENDORS: readonly Vendor[] = ['cyclone', 'fastdds'];
/** A thousand sequential requests on one keep-alive connection. */
const ONE_BY_ONE = ['--connections', '1', '--requests', '1000', '--seconds', '20'];
const CALLS = 20_000;
const CALLS_UNDER_WAY = 8;
const CROWD = 200;
/**
 * Below the limit of concurrent calls of a service; further calls would be rejected immediately and only increase the
 * request rate.
 */
const MUTE_CALLS = 8;

/**
 * Service calls and parameter reads through REST, serving of calls, and the effect of an unresponsive node on other
 * requests.
 */
export async function calls(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  await using baseline = await startBaselineServer(Buffer.from('{"parameters":{"sum":3}}'));
  const calibrator = await load(baseline.url, ...ONE_BY_ONE);
  console.log(`bare node:http: p50 ${calibrator.p50Ms.toFixed(2)} ms, p99 ${calibrator.p99Ms.toFixed(2)} ms`);
  for (const vendor of VENDORS) await throughRest(vendor);
  for (const vendor of VENDORS) await served(vendor);
  await besideMuteNode();
  await parametersOfMany();
}

async function throughRest(vendor: Vendor): Promise<void> {
  await using gateway = await startGateway();
  const commands = ['node /server', 'service /add example_interfaces/srv/AddTwoInts quiet', 'parameters'];
  await using _peer = await startPeer({ vendor, domainId: BENCHMARK_DOMAIN, lifeSeconds: 300, commands });
  const app = `${gateway.url}/apps/server`;
  const post = ['--post', '{"parameters":{"a":1,"b":2}}'];
  await until(async () => (await invoke(`${app}/operations/add/executions`)).ok);
  await until(async () => (await fetch(`${app}/configurations`)).ok);
  const { items } = (await (await fetch(`${app}/configurations`)).json()) as { items: readonly { id: string }[] };
  const requests = {
    'POST …/operations/add/executions': [`${app}/operations/add/executions`, ...post],
    'GET …/configurations/{one}': [`${app}/configurations/${items[0].id}`],
    [`GET …/configurations (${items.length})`]: [`${app}/configurations`],
  };
  for (const [name, [url, ...args]] of Object.entries(requests)) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await load(url, ...ONE_BY_ONE, ...args));
    const p50 = rounds.map(({ p50Ms }) => p50Ms);
    const p99 = rounds.map(({ p99Ms }) => p99Ms);
    console.log(`${name}, ${vendor}: p50 ${formatRounds(p50)} ms, p99 ${formatRounds(p99)} ms`);
  }
}

/** The vendor's client against a medkit service. */
async function served(vendor: Vendor): Promise<void> {
  await using _servant = await startServiceNode();
  const command = `call /sum example_interfaces/srv/AddTwoInts 1 2 count=${CALLS} parallel=${CALLS_UNDER_WAY} quiet`;
  await using peer = await startPeer({
    vendor,
    domainId: BENCHMARK_DOMAIN,
    lifeSeconds: 120,
    commands: ['node /caller', command],
  });
  const { answered, lost, seconds, p50Ms, p99Ms } = await peer.event('called', '/sum', 60_000);
  console.log(
    `serving calls of ${vendor}, ${CALLS_UNDER_WAY} under way: ${(answered / seconds).toFixed(0)}/s, ${lost} lost, ` +
      `p50 ${p50Ms?.toFixed(2)} ms, p99 ${p99Ms?.toFixed(2)} ms`,
  );
}

/** Latency of other routes while calls wait for a node that never answers. */
async function besideMuteNode(): Promise<void> {
  await using gateway = await startGateway();
  const commands = [
    'node /server',
    'service /mute std_srvs/srv/Trigger hang quiet',
    'service /add example_interfaces/srv/AddTwoInts quiet',
    'pub /chatter std_msgs/msg/String rate=100 quiet',
  ];
  await using _peer = await startPeer({ vendor: 'cyclone', domainId: BENCHMARK_DOMAIN, lifeSeconds: 300, commands });
  const app = `${gateway.url}/apps/server`;
  await until(async () => (await invoke(`${app}/operations/add/executions`)).ok);
  await until(async () => (await fetch(`${app}/data/chatter`)).ok);
  const paths = {
    'GET /health': [`${gateway.url}/health`],
    'GET …/data/chatter': [`${app}/data/chatter`],
    'POST …/operations/add/executions': [`${app}/operations/add/executions`, '--post', '{"parameters":{"a":1,"b":2}}'],
  };
  for (const [name, [url, ...args]] of Object.entries(paths)) {
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push((await load(url, ...ONE_BY_ONE, ...args)).p99Ms);
      await using _waiting = callsThatWait(gateway);
      beside.push((await load(url, ...ONE_BY_ONE, ...args)).p99Ms);
    }
    console.log(
      `${name}: p99 ${formatRounds(without)} ms, beside ${MUTE_CALLS} calls of a mute service ${formatRounds(beside)} ms`,
    );
  }
}

/** Keeps calls of the unresponsive service open until disposed. */
function callsThatWait({ url }: Gateway): AsyncDisposable {
  const end = new AbortController();
  const wait = async () => {
    while (!end.signal.aborted) {
      await fetch(`${url}/apps/server/operations/mute/executions`, { method: 'POST', signal: end.signal }).catch(
        () => undefined,
      );
    }
  };
  const all = Promise.all(Array.from({ length: MUTE_CALLS }, wait));
  return {
    async [Symbol.asyncDispose]() {
      end.abort();
      await all;
    },
  };
}

/** Reads the parameters of all nodes of a robot in one request, the first one to the gateway. */
async function parametersOfMany(): Promise<void> {
  await using _crowd = await startCrowd(CROWD, '--topics', '1', '--parameters', '10');
  const times: number[] = [];
  let listed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await using gateway = await startGateway();
    await until(async () => (await appIds(gateway.url)).length >= CROWD);
    const { items } = (await (await fetch(`${gateway.url}/components`)).json()) as { items: readonly { id: string }[] };
    const startedMs = performance.now();
    const reply = await fetch(`${gateway.url}/components/${items[0].id}/configurations`);
    listed = ((await reply.json()) as { items: readonly unknown[] }).items.length;
    times.push(performance.now() - startedMs);
  }
  console.log(`parameters of ${CROWD} nodes, cold: ${listed} listed after ${formatRounds(times)} ms`);
}

function invoke(url: string): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"parameters":{}}' });
}
