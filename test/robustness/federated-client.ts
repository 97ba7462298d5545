import { setTimeout as delay } from 'node:timers/promises';
import type { ResumingFollower } from './federated-followers.ts';
import type { FederatedGateways, Json, Reply } from './federated-gateways.ts';
import {
  type FaultChange,
  type FaultList,
  GATEWAYS,
  type GatewayName,
  type Shape,
  visibleFrom,
} from './federated-history.ts';
import { NO_ANSWER, type Step } from './race-steps.ts';

/** Where all clients record requests and answers. */
export interface FederatedRecords {
  readonly steps: ReadonlyMap<GatewayName, Step[]>;
  readonly changes: FaultChange[];
  readonly lists: FaultList[];
  readonly oddities: string[];
}

export interface FederatedClientOptions {
  /** Number of this client: the values that it writes and the codes that it reports contain it. */
  readonly number: number;
  readonly random: () => number;
  readonly gateways: Pick<FederatedGateways, 'ask' | 'shape'>;
  readonly followers: readonly ResumingFollower[];
  readonly records: FederatedRecords;
  /** Returns whether to continue; called before each operation. */
  readonly isOn: () => boolean;
}

/**
 * Maximum pause between two operations; longer after a missing answer, because a killed gateway takes a while to
 * restart and should then get requests.
 */
const PAUSE_MS = 60;
const UNANSWERED_PAUSE_MS = 1000;
const VALUES_OF_A_CLIENT = 1_000_000;
const LONGEST_LOCK_SEC = 5;

interface HeldLock {
  readonly gateway: GatewayName;
  readonly entity: string;
  readonly lock: number;
}

interface ClientFault {
  readonly gateway: GatewayName;
  readonly code: string;
  number: number;
  isCleared: boolean;
}

/**
 * A client that performs random operations, one after the other: at a gateway directly or through another one that
 * aggregates it.
 */
export async function federatedClient(options: FederatedClientOptions): Promise<void> {
  const { number, random, gateways, followers, records, isOn } = options;
  const client = `client-${number}`;
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let value = number * VALUES_OF_A_CLIENT;
  let codes = 0;
  let isAnswered = true;
  const held: HeldLock[] = [];
  const faults: ClientFault[] = [];

  /** Sends a request for the robot of a gateway, through a random gateway that shows it. */
  const ask = async (gateway: GatewayName, method: string, path: string, body?: object): Promise<Reply> => {
    const at = oneOf(GATEWAYS.filter((name) => visibleFrom(name, gateways.shape).has(gateway)));
    const reply = await gateways.ask(at, method, path, body, client);
    isAnswered = reply.status !== NO_ANSWER;
    return reply;
  };
  const noted = ({ sentMs, gotMs, status }: Reply) => ({ client, sentMs, gotMs, status });
  const expect = (what: string, { status, body }: Reply, ...expected: readonly number[]): boolean => {
    if (status !== NO_ANSWER && !expected.includes(status))
      records.oddities.push(`${what} was answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
    return status === expected[0];
  };
  const stepsOf = (gateway: GatewayName): Step[] => records.steps.get(gateway) ?? [];
  const drop = (lock: HeldLock): void => void held.splice(held.indexOf(lock), 1);

  const acquire = async (): Promise<void> => {
    const gateway = oneOf(GATEWAYS);
    if (held.some((lock) => lock.gateway === gateway)) return write(gateway);
    const isWhole = random() < 0.3;
    const entity = isWhole ? `/components/${gateway}_base` : `/apps/${gateway}_arm`;
    const breaks = !isWhole && random() < 0.2;
    const seconds = 1 + Math.floor(random() * LONGEST_LOCK_SEC);
    const body = { lock_expiration: seconds, scopes: ['data'], ...(breaks && { break_lock: true }) };
    const reply = await ask(gateway, 'POST', `${entity}/locks`, body);
    const lock = reply.status === 201 ? Number(/^lock_(\d+)$/.exec(reply.body['id'])?.[1]) : 0;
    stepsOf(gateway).push({ kind: 'lock', entity, breaks, seconds, lock, ...noted(reply) });
    if (reply.status === 201) held.push({ gateway, entity, lock });
  };
  const extend = async (): Promise<void> => {
    const lock = oneOf(held);
    if (!lock) return acquire();
    const seconds = 1 + Math.floor(random() * LONGEST_LOCK_SEC);
    const path = `${lock.entity}/locks/lock_${lock.lock}`;
    const reply = await ask(lock.gateway, 'PUT', path, { lock_expiration: seconds });
    stepsOf(lock.gateway).push({ kind: 'extend', lock: lock.lock, seconds, ...noted(reply) });
    if (reply.status === 404) drop(lock);
  };
  const release = async (): Promise<void> => {
    const lock = oneOf(held);
    if (!lock) return acquire();
    drop(lock);
    const reply = await ask(lock.gateway, 'DELETE', `${lock.entity}/locks/lock_${lock.lock}`);
    stepsOf(lock.gateway).push({ kind: 'release', lock: lock.lock, ...noted(reply) });
  };
  const write = async (gateway = oneOf(GATEWAYS)): Promise<void> => {
    value += 1;
    const written = value;
    const body = { type: 'robot/msg/Force', data: written };
    const reply = await ask(gateway, 'PUT', `/apps/${gateway}_arm/data/force`, body);
    stepsOf(gateway).push({ kind: 'write', value: written, ...noted(reply) });
  };

  /** Records a change. A change without an answer is the last one of its code. */
  const changed = (fault: ClientFault, reply: Reply, isDone: boolean): void => {
    const { gateway, code, number: report, isCleared } = fault;
    const leaves = `${isCleared ? 'CLEARED' : 'CONFIRMED'} ${report}`;
    records.changes.push({ gateway, code, leaves, sentMs: reply.sentMs, gotMs: reply.gotMs, isDone });
    if (!isDone) faults.splice(faults.indexOf(fault), 1);
  };
  const report = async (): Promise<void> => {
    const known = random() < 0.3 ? oneOf(faults) : undefined;
    const fault = known ?? { gateway: oneOf(GATEWAYS), code: `C${number}_${++codes}`, number: 0, isCleared: false };
    if (!known) faults.push(fault);
    const { gateway, code } = fault;
    fault.number += 1;
    fault.isCleared = false;
    const reply = await ask(gateway, 'PUT', `/apps/${gateway}_arm/x-report`, { code, number: fault.number });
    const isTaken = expect(`report ${fault.number} of ${code} at ${gateway}`, reply, 200);
    changed(fault, reply, isTaken && reply.body['reported'] === true);
  };
  const clear = async (): Promise<void> => {
    const fault = oneOf(faults.filter(({ isCleared }) => !isCleared));
    if (!fault) return report();
    fault.isCleared = true;
    const reply = await ask(fault.gateway, 'DELETE', `/apps/${fault.gateway}_arm/faults/${fault.code}`);
    changed(fault, reply, expect(`the clear of ${fault.code} at ${fault.gateway}`, reply, 204));
  };
  const list = async (): Promise<void> => {
    const at = oneOf(GATEWAYS);
    const reply = await gateways.ask(at, 'GET', '/faults?status=all');
    if (expect(`a list of ${at}`, reply, 200)) records.lists.push(faultList(at, gateways.shape, reply));
  };

  const operations: readonly (readonly [share: number, operation: () => Promise<unknown>])[] = [
    [18, acquire],
    [20, () => write()],
    [5, extend],
    [17, release],
    [20, report],
    [8, clear],
    [8, list],
    [4, async () => oneOf(followers).cut()],
  ];
  const each = operations.flatMap(([share, operation]) => Array.from({ length: share }, () => operation));
  while (isOn()) {
    isAnswered = true;
    await oneOf(each)();
    await delay(random() * (isAnswered ? PAUSE_MS : UNANSWERED_PAUSE_MS));
  }
}

/** Returns the gateway to whose robot an entity belongs. */
const robotOf = (entityId: unknown): GatewayName | undefined => GATEWAYS.find((name) => entityId === `${name}_arm`);

/**
 * Returns a gateway's list of faults, restricted to the robots' arms: gateways also report faults of other apps.
 */
export function faultList(at: GatewayName, shape: Shape, { sentMs, gotMs, body }: Reply): FaultList {
  const items = (body['items'] as readonly Json[]).flatMap((item) => {
    const { fault_code: code, status, description, reporting_sources: sources, 'x-medkit': more } = item;
    const gateway = robotOf(sources[0]);
    const last = more?.latest_description ?? description;
    const copyOf: string | undefined = more?.as_of === undefined ? undefined : (more.origin ?? at);
    return gateway ? [{ gateway, code, state: `${status} ${last}`, copyOf }] : [];
  });
  const failed: readonly GatewayName[] = body['x-medkit']?.failed_peers ?? [];
  const missing = failed.flatMap((name) => [...visibleFrom(name, shape).keys()]);
  return { at, sentMs, gotMs, items, missing };
}
