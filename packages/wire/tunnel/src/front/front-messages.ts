import {
  type Check,
  type Checked,
  flag,
  integer,
  list,
  Misshapen,
  optional,
  shape,
  text,
} from '../handshake/checks.ts';
import {
  ADDITION,
  DECISION,
  ENROLMENT,
  fingerprint,
  HELLO,
  REFUSAL,
  STOP,
  sentence,
  WELCOME,
} from '../handshake/messages.ts';

/** Pings that one message reports: a message of 10 kB. */
export const MAX_PINGS_TOGETHER = 1000;
/** Maximum length of an IP address with a zone, and of a key as PEM. */
const MAX_ADDRESS_CHARS = 64;
const MAX_KEY_CHARS = 512;

const address = text(MAX_ADDRESS_CHARS);
const key = text(MAX_KEY_CHARS);

/** A question of the standby to the record: one member is present. */
const QUESTION = shape({
  welcome: optional(HELLO),
  enrol: optional(ENROLMENT),
  outdated: optional(flag),
  confirm: optional(shape({ wentBack: flag, newKey: optional(fingerprint) })),
});
export type FrontQuestion = Checked<typeof QUESTION>;

/** Answer of the record: one member is present, and none for `outdated`. */
const ANSWER = shape({
  refusal: optional(REFUSAL),
  welcome: optional(DECISION),
  enrolled: optional(ADDITION),
  stored: optional(shape({ isNewKeyStored: flag })),
  failed: optional(sentence),
});
export type FrontAnswer = Checked<typeof ANSWER>;

const farewell: Check<Checked<typeof REFUSAL> | Checked<typeof STOP>> = (value, path) =>
  typeof value === 'object' && value !== null && 'refused' in value ? REFUSAL(value, path) : STOP(value, path);

/** `handshake` is the number of the connection of a robot; `id` that of a held uplink. */
const FROM_STANDBY = {
  ask: shape({ call: integer, handshake: integer, address, fingerprint, question: QUESTION }),
  /** `held`: the uplink is older than this link. */
  open: shape({ id: integer, fingerprint, hello: HELLO, welcome: WELCOME, address, held: flag }),
  ended: shape({ id: integer, reason: sentence }),
  pings: shape({ ids: list(integer, MAX_PINGS_TOGETHER) }),
};

const FROM_HUB = {
  /** The first message: the private key of the hub, and the maximum number of held uplinks. */
  hub: shape({ key, max: integer }),
  answer: shape({ call: integer, answer: ANSWER }),
  end: shape({ id: integer, farewell }),
  destroy: shape({ id: integer }),
};

type Messages<T extends Readonly<Record<string, Check<object>>>> = {
  [K in keyof T]: { readonly type: K } & Checked<T[K]>;
}[keyof T];
/** A message of the standby to the hub that serves. */
export type FromStandby = Messages<typeof FROM_STANDBY>;
/** A message of the hub that serves to the standby. */
export type FromHub = Messages<typeof FROM_HUB>;

function decode<T extends Readonly<Record<string, Check<object>>>>(checks: T, line: string): Messages<T> {
  const value: unknown = JSON.parse(line);
  const type = typeof value === 'object' && value !== null ? (value as { readonly type?: unknown }).type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) throw new Misshapen('type must be a known one');
  return { type, ...checks[type]!(value, '') } as Messages<T>;
}

/** Decodes a message. Throws `Misshapen` or `SyntaxError`. */
export const decodeFromStandby = (line: string): FromStandby => decode(FROM_STANDBY, line);
export const decodeFromFrontHub = (line: string): FromHub => decode(FROM_HUB, line);
