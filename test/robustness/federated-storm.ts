import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { followed } from '../federation/stream-client.ts';
import { eventually } from '../harness/eventually.ts';
import { type FederatedRecords, faultList, federatedClient } from './federated-client.ts';
import { type ResumingFollower, resumingFollower, streamEvents } from './federated-followers.ts';
import { type FederatedGateways, federatedGateways } from './federated-gateways.ts';
import {
  type FederatedHistory,
  GATEWAYS,
  type GatewayName,
  type Shape,
  type StreamEvent,
  visibleFrom,
} from './federated-history.ts';
import type { WrongBuild } from './wrong-builds.ts';

export interface FederatedStormOptions {
  readonly shape: Shape;
  readonly operations: number;
  /** Minimum for each gateway: the storm continues until then. */
  readonly kills: number;
  readonly seed: number;
  readonly wrong?: WrongBuild;
}

const CLIENTS = 8;
/** Average for each gateway. */
const OPERATIONS_BETWEEN_KILLS = 120;
const LONGEST_AWAY_MS = 400;
const LOOK_MS = 10;
/** Generous for a busy machine. */
const SETTLED_MS = 180_000;
const lastCode = (gateway: GatewayName): string => `LAST_${gateway.toUpperCase()}`;

/**
 * Runs random clients against gateways that are killed and restarted. Returns the history once all gateways are
 * complete again.
 */
export async function federatedStorm({ shape, operations, kills, seed, wrong }: FederatedStormOptions) {
  const random = seededRandom(seed).float;
  using folder = temporaryFolder();
  await using gateways = await federatedGateways(folder.path, shape, wrong);
  await gateways.areWhole();
  const followers = GATEWAYS.flatMap((name) =>
    ['first', 'second'].map((which) => resumingFollower(which, name, gateways)),
  );
  await using stack = new AsyncDisposableStack();
  for (const follower of followers) stack.defer(follower.stop);
  const records: FederatedRecords = {
    steps: new Map(GATEWAYS.map((name) => [name, []])),
    changes: [],
    lists: [],
    oddities: [],
  };
  const killed = new Map<GatewayName, number>(GATEWAYS.map((name) => [name, 0]));
  let done = 0;
  let isBroken = false;
  const isOver = (): boolean =>
    isBroken || (done >= operations && [...killed.values()].every((count) => count >= kills));
  const isOn = (): boolean => {
    if (isOver()) return false;
    done++;
    return true;
  };
  const killNowAndThen = async (name: GatewayName): Promise<void> => {
    while (!isOver()) {
      const from = done + random() * 2 * OPERATIONS_BETWEEN_KILLS;
      while (done < from && !isOver()) await delay(LOOK_MS);
      if (isOver()) return;
      await gateways.killed(name, random() * LONGEST_AWAY_MS);
      killed.set(name, (killed.get(name) ?? 0) + 1);
    }
  };
  const work = [
    ...GATEWAYS.map(killNowAndThen),
    ...Array.from({ length: CLIENTS }, (_, number) =>
      federatedClient({ number: number + 1, random, gateways, followers, records, isOn }),
    ),
  ];
  // Stops all clients when one of them fails.
  const broken = (error: unknown): never => {
    isBroken = true;
    throw error;
  };
  for (const outcome of await Promise.allSettled(work.map((each) => each.catch(broken))))
    if (outcome.status === 'rejected') throw outcome.reason;

  await gateways.areWhole();
  const logs = await ended(gateways, followers, records);
  for (const at of GATEWAYS)
    records.lists.push(faultList(at, shape, await gateways.ask(at, 'GET', '/faults?status=all')));
  const history: FederatedHistory = {
    shape,
    ...records,
    taken: new Map(GATEWAYS.map((name) => [name, gateways.takenOf(name)])),
    logs,
    followers: followers.map((follower) => follower.snapshot()),
  };
  return {
    history,
    operations: done,
    kills: Object.fromEntries(killed),
    resumed: followers.map((each) => each.resumed()),
  };
}

/**
 * Reports a final fault at each gateway and waits until every follower has received it. Returns the logs up to there.
 */
async function ended(
  gateways: FederatedGateways,
  followers: readonly ResumingFollower[],
  records: FederatedRecords,
): Promise<ReadonlyMap<GatewayName, readonly StreamEvent[]>> {
  for (const gateway of GATEWAYS) {
    const code = lastCode(gateway);
    const reply = await gateways.ask(gateway, 'PUT', `/apps/${gateway}_arm/x-report`, { code, number: 1 });
    assert.equal(reply.body['reported'], true, JSON.stringify(reply.body));
    const { sentMs, gotMs } = reply;
    records.changes.push({ gateway, code, leaves: 'CONFIRMED 1', sentMs, gotMs, isDone: true });
  }
  const hasLast = (events: readonly StreamEvent[], of: GatewayName): boolean =>
    events.some(({ gateway, text }) => gateway === of && text.includes(lastCode(of)));
  const logs = await Promise.all(
    GATEWAYS.map(async (name): Promise<readonly [GatewayName, readonly StreamEvent[]]> => {
      const log = await followed(`${gateways.urlOf(name)}/api/v1/faults/stream`, '0');
      const localEvents = () => streamEvents(name, gateways.shape, log).filter(({ gateway }) => gateway === name);
      await eventually(`the log of ${name}`, async () => hasLast(localEvents(), name), SETTLED_MS);
      log.close();
      return [name, localEvents()];
    }),
  );
  await Promise.all(
    followers.map((follower) =>
      eventually(
        `all events for ${follower.snapshot().name} at ${follower.snapshot().at}`,
        async () => {
          const { at, received } = follower.snapshot();
          return [...visibleFrom(at, gateways.shape).keys()].every((gateway) => hasLast(received, gateway));
        },
        SETTLED_MS,
      ),
    ),
  );
  return new Map(logs);
}
