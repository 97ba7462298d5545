import {
  type Check,
  type Checked,
  choice,
  finite,
  flag,
  integer,
  list,
  Misshapen,
  matching,
  optional,
  shape,
  text,
} from './checks.ts';
import { REFUSALS, UplinkFailed } from './uplink-end.ts';

/** Maximum length of a line, bytes: a message has at most a dozen short members. */
export const MAX_LINE_BYTES = 4096;
/** Versions of the handshake that this program speaks, the newest last. A hub serves the two newest. */
export const VERSIONS: readonly number[] = [1];
/** Maximum versions that a robot offers. */
const MAX_VERSIONS = 8;
/** Maximum length of an identifier or a version. */
const MAX_ID_CHARS = 128;
/** Maximum length of a sentence or of a receipt. */
const MAX_SENTENCE_CHARS = 1024;

const id = text(MAX_ID_CHARS);
export const sentence = text(MAX_SENTENCE_CHARS);
export const fingerprint = matching(/^[0-9A-Z]{20}$/, 'a fingerprint');

export const REFUSAL = shape({ refused: choice(REFUSALS), retry_ms: optional(integer), why: optional(sentence) });
/** The hub refuses the robot. `retry_ms`: earliest time of the next attempt, milliseconds from now. */
export type Refusal = Checked<typeof REFUSAL>;

export const HELLO = shape({
  v: list(integer, MAX_VERSIONS),
  ratchet: optional(id),
  receipt: optional(sentence),
  boot: integer,
  mono_ms: finite,
  wall_ms: finite,
  log: shape({ id, oldest: integer, newest: integer }),
  versions: shape({ medkit: id, software: optional(id) }),
  link: shape({ metered: flag, keepalive_sec: integer }),
  active: shape({ critical: integer, error: integer }),
});
/**
 * First message of an enrolled robot. `receipt` is the hub's proof that it enrolled this key; `boot` counts starts of the machine, `mono_ms` is the time since then, `wall_ms`
 * the wall clock; `log` is the range of the uplink log; `active` counts active faults.
 */
export type Hello = Checked<typeof HELLO>;

export const ENROLMENT = shape({
  v: list(integer, MAX_VERSIONS),
  enrol: id,
  machine: shape({
    name: optional(id),
    serial: optional(id),
    model: optional(id),
    system: optional(id),
    medkit: optional(id),
  }),
});
/** First message of a robot that enrols: the code of the invitation, and facts about its machine. */
export type Enrolment = Checked<typeof ENROLMENT>;

const DECIDED = {
  robot: id,
  cursor: optional(shape({ log: id, seq: integer, hash: id })),
  next: id,
  policy: shape({ keepalive_max_sec: integer, reconnect_spread_ms: integer }),
  receipt: optional(sentence),
  rotate: optional(flag),
};
/** What the record decides about an enrolled robot. */
export const DECISION = shape(DECIDED);
export const WELCOME = shape({ v: integer, at_ms: finite, ...DECIDED });
/**
 * The hub accepts the robot. `at_ms` is the hub's wall clock; `cursor` is the last record that the hub has stored;
 * `next` is the next step of the ratchet; `reconnect_spread_ms` widens the first attempt after a lost connection.
 * `receipt` replaces that of the robot; `rotate` requests a second key.
 */
export type Welcome = Checked<typeof WELCOME>;

const ADDED = { robot: id, tenant: id, status: choice(['pending', 'approved']), receipt: sentence };
/** What the record decides about an enrolment. */
export const ADDITION = shape(ADDED);
const ENROLLED = shape({ v: integer, ...ADDED });
/** The hub has enrolled the robot. It connects again with a `Hello`. */
export type Enrolled = Checked<typeof ENROLLED>;

const CONFIRMATION = shape({ confirmed: flag, went_back: flag, new_key: optional(fingerprint) });
/**
 * The robot has stored the ratchet. `went_back`: its log does not contain the cursor, so a new log has begun. `new_key`:
 * fingerprint of the key with which the robot connects from now on.
 */
export type Confirmation = Checked<typeof CONFIRMATION>;

/** `new_key_stored`: the hub accepts the new key, and expects the robot with it. */
const GO = shape({ go: flag, new_key_stored: optional(flag) });

/** What the hub waits for, with the check of each message. */
const FROM_ROBOT = { first: (value: unknown) => firstMessage(value), confirmation: CONFIRMATION } as const;
/** What the robot waits for. A refusal may replace each. */
const FROM_HUB = { welcome: WELCOME, enrolled: ENROLLED, go: GO } as const;

function firstMessage(value: unknown): Hello | Enrolment {
  return has(value, 'enrol') ? ENROLMENT(value, '') : HELLO(value, '');
}

const has = (value: unknown, member: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, member);

/** Decodes a line of the robot. Throws `UplinkFailed` (`malformed`) if it is not the expected message. */
export function decodeFromRobot<K extends keyof typeof FROM_ROBOT>(
  expected: K,
  line: string,
): ReturnType<(typeof FROM_ROBOT)[K]> {
  return decode(line, FROM_ROBOT[expected] as Check<ReturnType<(typeof FROM_ROBOT)[K]>>);
}

/** Decodes a line of the hub. Throws `UplinkFailed`: `malformed`, or the end that the hub's refusal states. */
export function decodeFromHub<K extends keyof typeof FROM_HUB>(
  expected: K,
  line: string,
): ReturnType<(typeof FROM_HUB)[K]> {
  return decode(line, (value, path) => {
    if (has(value, 'refused')) throw refusedBy(REFUSAL(value, path));
    return FROM_HUB[expected](value, path) as ReturnType<(typeof FROM_HUB)[K]>;
  });
}

/** Decodes why the hub ends an open session (the data of GOAWAY): a refusal, or a restart. `undefined` if malformed. */
export function decodeFarewell(line: string): Farewell | undefined {
  try {
    return decode(line, (value, path): Farewell => (has(value, 'refused') ? REFUSAL : STOP)(value, path));
  } catch {
    return undefined;
  }
}

export const STOP = shape({ retry_ms: integer, why: optional(sentence) });
/** Why a hub ends an open session: it refuses the robot from now on, or it expects the robot again after `retry_ms`. */
export type Farewell = Refusal | Checked<typeof STOP>;

/** Returns the failure of a robot that the hub refuses. */
export function refusedBy({ refused, retry_ms, why }: Refusal): UplinkFailed {
  return new UplinkFailed({
    kind: 'refused',
    code: refused,
    ...(retry_ms !== undefined && { retryMs: retry_ms }),
    reason: why ?? `the hub refuses this robot: ${refused}`,
  });
}

function decode<T>(line: string, check: Check<T>): T {
  try {
    return check(JSON.parse(line), '');
  } catch (error) {
    if (error instanceof UplinkFailed) throw error;
    const problem = error instanceof Misshapen ? error.message : 'it is not JSON';
    throw new UplinkFailed({
      kind: 'protocol',
      code: 'malformed',
      reason: `a message of the handshake is invalid: ${problem}`,
    });
  }
}

/** Returns the newest version that both ends speak, or the code of the refusal. */
export function commonVersion(offered: readonly number[]): number | 'too-old' | 'too-new' {
  const common = VERSIONS.findLast((version) => offered.includes(version));
  if (common !== undefined) return common;
  return offered.every((version) => version < (VERSIONS[0] as number)) ? 'too-old' : 'too-new';
}
