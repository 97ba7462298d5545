import { confirmRatchet, type Hello, type HubRecord, judgeRatchet, type Refusal, type Welcome } from '@medkit/tunnel';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import type { CodeThrottle } from '../invitations/code-throttle.ts';
import { joinSteps, type PlannedStep } from '../join-steps.ts';
import { excludeStatements } from '../robots/presence.ts';
import { noteProblem } from '../robots/problems.ts';
import { keyOf, keysOf, type RobotKey } from '../robots/robot-rows.ts';
import { adoptRobot } from './adopt-robot.ts';
import { enrolRobot, receiptOf } from './enrol.ts';
import { isRotationDue, rotationStatements } from './rotate-key.ts';

/** Time after which a pending robot asks again, milliseconds. */
const PENDING_RETRY_MS = 30_000;
/** Time after which a robot comes back whose ratchet another connection of the same robot changed meanwhile. */
const RACE_RETRY_MS = 5000;
/** Robots that come back within a second after the hub was lost, for the spread of the first attempt. */
const RETURNS_PER_SEC = 200;

export interface HubRecordOptions {
  readonly context: FleetContext;
  readonly throttle: CodeThrottle;
  /** Longest time between two pings of a robot, seconds. */
  readonly keepaliveMaxSec: number;
}

/** Returns a function that returns the decisions of the hub for the handshake of one connection from an address. */
export function hubRecords({
  context,
  throttle,
  keepaliveMaxSec,
}: HubRecordOptions): (connection: { readonly address: string }) => HubRecord {
  const welcome = joinSteps({
    ...{ context, robotOf: fingerprintOf },
    plan: (steps: readonly Presented[]) => planWelcomes(context, steps, keepaliveMaxSec),
  });
  const confirm = joinSteps({
    ...{ context, robotOf: fingerprintOf },
    plan: (steps: readonly Confirmed[]) => planConfirmations(context, steps),
  });
  return ({ address }) => {
    /** The step that this connection sent. Another connection of the robot may have sent a newer one. */
    let sent: string | undefined;
    return {
      enrol: (fingerprint, request) =>
        context.exclusive(() => enrolRobot(context, throttle, { fingerprint, request, address })),
      outdated: (fingerprint) => context.exclusive(() => noteOutdated(context, fingerprint)),
      welcome: async (fingerprint, hello) => {
        const decided = await welcome({ fingerprint, hello, address });
        if ('next' in decided) sent = decided.next;
        return decided;
      },
      confirm: (fingerprint, confirmation) => confirm({ fingerprint, sent, ...confirmation }),
    };
  };
}

/** Notes that the version of a robot is too old. Does nothing for a key that no robot has. */
async function noteOutdated(context: FleetContext, fingerprint: string): Promise<void> {
  const key = await keyOf(context, fingerprint);
  if (!key || key.revoked) return;
  const message = 'The hub does not speak the uplink versions of this robot: update medkit on the robot.';
  await context.store.write([noteProblem(key.id, 'uplink_outdated', message, nowMs(context))]);
}

/** Returns why a key may not connect; `undefined` if it may. */
export function refusalOf(key: Pick<RobotKey, 'name' | 'state' | 'revoked'> | undefined): Refusal | undefined {
  if (!key) return { refused: 'unknown', why: 'the hub does not know the key of this robot: enrol the robot again' };
  if (key.revoked || key.state === 'revoked' || key.state === 'retired') {
    return { refused: 'revoked', why: `the hub has revoked the key of ${key.name}` };
  }
  if (key.state === 'quarantined') {
    const remedy = `settle ${key.name} at the hub`;
    return { refused: 'cloned', why: `two disks used the key of ${key.name}, or one is an older copy: ${remedy}` };
  }
  if (key.state === 'pending') {
    return { refused: 'pending', retry_ms: PENDING_RETRY_MS, why: `${key.name} waits for an approval at the hub` };
  }
  return undefined;
}

/** The first message of a connection. */
interface Presented {
  readonly fingerprint: string;
  readonly hello: Hello;
  readonly address: string;
}

type Decision = Omit<Welcome, 'v' | 'at_ms'> | Refusal;

const decided = <Outcome>(outcome: Outcome): PlannedStep<Outcome> => ({ statements: [], finish: () => outcome });

async function planWelcomes(
  context: FleetContext,
  steps: readonly Presented[],
  keepaliveMaxSec: number,
): Promise<readonly PlannedStep<Decision>[]> {
  const keys = await keysOf(context, steps.map(fingerprintOf));
  const [counted] = await context.store.read("SELECT count(*) AS robots FROM fleet_robots WHERE state = 'approved'");
  const policy = {
    keepalive_max_sec: keepaliveMaxSec,
    reconnect_spread_ms: Math.round((Number(counted?.robots) / RETURNS_PER_SEC) * 1000),
  };
  const plans: PlannedStep<Decision>[] = [];
  for (const step of steps) {
    const { fingerprint, hello } = step;
    const key = keys.get(fingerprint) ?? (await adoptRobot(context, fingerprint, hello.receipt));
    const refusal = key && 'refused' in key ? key : refusalOf(key);
    plans.push(refusal ? decided(refusal) : await planWelcome(context, key as RobotKey, step, policy));
  }
  return plans;
}

async function planWelcome(
  context: FleetContext,
  key: RobotKey,
  { hello, address }: Presented,
  policy: Welcome['policy'],
): Promise<PlannedStep<Decision>> {
  const { id, name, ratchet, cursor } = key;
  const judged = judgeRatchet(stateToJudge(key, hello.ratchet), hello.ratchet, ratchetKey(context, id), context.random);
  if (judged.verdict === 'cloned') return decided(await quarantine(context, key, { address, reason: judged.reason }));
  const { current, next } = judged.state;
  const wentBack = 'The robot is ahead: the database of the hub is an older copy.';
  const receipt = receiptOf(context.secrets, key);
  return {
    statements: [
      {
        sql: `UPDATE fleet_robots SET ratchet_current = ?, ratchet_next = ?, settled = 0
              WHERE id = ? AND ratchet_current IS NOT DISTINCT FROM ? AND ratchet_next IS NOT DISTINCT FROM ?`,
        parameters: [current ?? null, next, id, ratchet.current ?? null, ratchet.next ?? null],
      },
      ...(judged.hubWentBack && !key.settled ? [noteProblem(id, 'hub_went_back', wentBack, nowMs(context))] : []),
    ],
    finish: ([stored]) =>
      stored!.changes === 0
        ? connectsTwice(name)
        : {
            robot: name,
            ...(cursor && { cursor }),
            next,
            policy,
            // Another one than that of the enrolment, after the key was rotated.
            ...(receipt !== hello.receipt && { receipt }),
            ...(isRotationDue(key, nowMs(context)) && { rotate: true }),
          },
  };
}

/**
 * Returns the state by which the next connect is judged. After a quarantine was settled, any step is the current one;
 * the next number is above all that the other disk may have.
 */
function stateToJudge({ settled, ratchet }: RobotKey, presented: string | undefined): RobotKey['ratchet'] {
  if (!settled) return ratchet;
  const newest = ratchet.next ?? ratchet.current;
  return { ...(presented !== undefined && { current: presented }), ...(newest !== undefined && { next: newest }) };
}

type Confirmation = Parameters<HubRecord['confirm']>[1];

/** The second message of a connection, with the step that the hub sent before. */
type Confirmed = Confirmation & { readonly fingerprint: string; readonly sent: string | undefined };

async function planConfirmations(
  context: FleetContext,
  steps: readonly Confirmed[],
): Promise<readonly PlannedStep<Awaited<ReturnType<HubRecord['confirm']>>>[]> {
  const keys = await keysOf(context, steps.map(fingerprintOf));
  return steps.map((step) => {
    const key = keys.get(step.fingerprint);
    const refusal = refusalOf(key);
    if (refusal) return decided(refusal);
    const { id, name, ratchet } = key!;
    if (step.sent === undefined || ratchet.next !== step.sent) return decided(connectsTwice(name));
    const { wentBack, newKey } = step;
    const message = 'The uplink log of the robot is older than what the hub has read: its disk is an older copy.';
    return {
      statements: [
        {
          sql: 'UPDATE fleet_robots SET ratchet_current = ?, ratchet_next = NULL WHERE id = ?',
          parameters: [confirmRatchet(ratchet).current ?? null, id],
        },
        ...(wentBack ? [noteProblem(id, 'uplink_went_back', message, nowMs(context))] : []),
        ...rotationStatements(key!, newKey, nowMs(context)),
      ],
      finish: async () => ({
        isNewKeyStored: newKey !== undefined && (await keyOf(context, newKey))?.id === id,
      }),
    };
  });
}

/** Stops every machine with this key until a person decides. */
async function quarantine(
  context: FleetContext,
  key: RobotKey,
  { address, reason }: { address: string; reason: string },
): Promise<Refusal> {
  const { id, name, address: other } = key;
  const where = other === undefined ? '' : `; the last connection came from ${other}`;
  const atMs = nowMs(context);
  await context.store.write([
    { sql: "UPDATE fleet_robots SET state = 'quarantined' WHERE id = ?", parameters: [id] },
    ...excludeStatements(id, { atMs, reason: 'two disks use its key' }),
    noteProblem(id, 'cloned', `A connection from ${address} was refused: ${reason}${where}.`, atMs),
  ]);
  const refusal: Refusal = { refused: 'cloned', why: reason };
  context.notify({ robot: name, topic: 'robot', ended: refusal });
  context.log('warn', `The fleet hub stopped ${name}: ${reason} (connection from ${address}${where})`);
  return refusal;
}

const connectsTwice = (name: string): Refusal => ({
  refused: 'too-many',
  retry_ms: RACE_RETRY_MS,
  why: `${name} connects twice at the same time`,
});
const fingerprintOf = ({ fingerprint }: { readonly fingerprint: string }): string => fingerprint;
const ratchetKey = ({ secrets }: FleetContext, id: number) => ({ secret: secrets.ratchet, robot: `${id}` });
