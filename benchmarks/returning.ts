import type { RosAdapter, ServiceClient } from '@medkit/ros2';
import { reserveDomain } from '../test/harness/free-domain.ts';
import { untilGraph } from '../test/interop/graph-watch.ts';
import { openAdapter } from '../test/interop/open-adapter.ts';
import { type Peer, startPeer } from '../test/interop/peer.ts';
import { type Vendor, vendors } from '../test/interop/peer-programs.ts';
import { median } from './process.ts';

const ROUNDS = 7;
const TRIGGER = 'std_srvs/srv/Trigger';
/** Longer than all rounds, so that the lease does not end during the measurement. */
const LEASE_MS = 120_000;
const PATIENCE = { timeoutMs: 30_000 };

/**
 * Time from the creation of a node's participant until the node is in the graph, and until the first call to it is
 * answered. For a new node, and for a node that is killed and restarted before the lease of its participant expires.
 * Compared with a call to an existing node.
 */
export async function returning(): Promise<void> {
  for (const vendor of vendors) {
    const rounds: Round[] = [];
    for (let index = 0; index < ROUNDS; index += 1) rounds.push(await oneRound(vendor));
    const of = (part: keyof Round): string => {
      const values = rounds.map((round) => round[part]);
      return `${median(values).toFixed(1)} ms (at most ${Math.max(...values).toFixed(1)})`;
    };
    console.log(
      `${vendor}: a new node is in the graph after ${of('visible')}, its first call is answered after ${of('first')}; started ` +
        `again after a kill: ${of('again')}; a call to an existing node: ${of('call')}`,
    );
  }
}

/** Milliseconds. */
interface Round {
  readonly visible: number;
  readonly first: number;
  readonly again: number;
  readonly call: number;
}

async function oneRound(vendor: Vendor): Promise<Round> {
  const domainId = await reserveDomain();
  await using adapter = await openAdapter({ domainId });
  const node = await adapter.node({ name: 'caller' });
  const client = await node.client('/robot/home', TRIGGER);
  const start = () =>
    startPeer({
      vendor,
      domainId,
      leaseMs: LEASE_MS,
      commands: ['node /robot', `service /robot/home ${TRIGGER} quiet`],
    });
  const known = inGraph(adapter);
  const early = answered(client);
  await using first = await start();
  const startMs = performance.now();
  const visible = (await known) - startMs;
  const firstCall = (await early) - startMs;
  const callMs = performance.now();
  const call = (await answered(client)) - callMs;
  const again = await restarted(first, client, start);
  return { visible, first: firstCall, again, call };
}

/** Time from the start of the second participant until the answer to a call that was made while the first was dead. */
async function restarted(first: Peer, client: ServiceClient, start: () => Promise<Peer>): Promise<number> {
  await first.kill();
  const early = answered(client);
  await using _second = await start();
  const startMs = performance.now();
  return Math.max(0, (await early) - startMs);
}

/** Returns when the call was answered. */
async function answered(client: ServiceClient): Promise<number> {
  await client.call({}, PATIENCE);
  return performance.now();
}

/** Returns when the node was in the graph. */
async function inGraph(adapter: RosAdapter): Promise<number> {
  await untilGraph(adapter, 'the robot', ({ nodes }) => nodes.length === 1, PATIENCE.timeoutMs);
  return performance.now();
}
