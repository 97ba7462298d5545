import type { ConnectionState, TopicName } from '@medkit/vda5050';

/**
 * - `listening`: hears whether another client speaks for the serial number, and says nothing;
 * - `claiming`: has heard none and says that it is there, but nothing of the robot yet;
 * - `sole`: is the client of the serial number;
 * - `feed`: another client speaks, or a person said so: the agent sends nothing to the fleet.
 */
export const ROLES = ['listening', 'claiming', 'sole', 'feed'] as const;
export type Role = (typeof ROLES)[number];

/** A message of the serial number's own topics, as far as it matters who speaks. */
export interface Heard {
  readonly topic: Exclude<TopicName, 'order' | 'instantActions'>;
  /** It was at the broker before we were. */
  readonly isRetained: boolean;
  /** We have sent it: this process, or where it is retained one before. */
  readonly isOwn: boolean;
  /** What a message of the topic `connection` says; absent where it cannot be read. */
  readonly connection?: ConnectionState;
}

/** What an agent for a serial number knows of who speaks for it. */
export interface Standing {
  readonly role: Role;
  /** Why it speaks, or speaks not, in words. */
  readonly why: string;
  /** A whole state could be told. */
  readonly isAble: boolean;
  /** A person said so: an ONLINE that the broker has kept of another client is of nobody. */
  readonly takesOver: boolean;
  /** In the role `feed`: another client was heard, and the agent speaks again when that was silent for `silenceMs`. */
  readonly isYielding: boolean;
  /** It was sole and has only lost the broker. */
  readonly resumes: boolean;
  /** When the connection was opened, by the monotonic clock; absent while it is not open. */
  readonly openedMs?: number;
  /** When the time of what it does now is over. */
  readonly dueMs?: number;
  /** The last message on the topic `connection` that was heard. */
  readonly lastWord?: Heard;
  /** What it said last on that topic, with this connection. */
  readonly said?: Said;
}

export interface Said {
  readonly state: 'ONLINE' | 'OFFLINE';
  readonly atMs: number;
  /** How many of its words have not come back yet, and when the last one that did has. */
  readonly unheard: number;
  readonly heardMs?: number;
}

export type SerialEvent =
  /** The connection that was asked for is open; or it is not, any more or yet. */
  | { readonly is: 'opened' | 'lost' }
  | { readonly is: 'heard'; readonly message: Heard }
  | { readonly is: 'able'; readonly isAble: boolean }
  /** Time has gone on to `dueMs`. */
  | { readonly is: 'due' }
  | { readonly is: 'stopped' };

export type SerialAction =
  /** Ends the connection in order, and opens one without a will; or with one; or none. */
  | { readonly do: 'listen' | 'claim' | 'leave' }
  /** Publishes a word on the topic `connection`, retained. */
  | { readonly do: 'say'; readonly state: 'ONLINE' | 'OFFLINE' }
  /** Stores for later processes that another client has come; or that it is gone. */
  | { readonly do: 'cede'; readonly why: string }
  | { readonly do: 'return' };

/** How long each thing takes, and what it is called. */
export interface SerialTerms {
  /** The robot, as people know it. */
  readonly name: string;
  /** A client has to send a state at least every 30 s: whoever listens longer hears it. */
  readonly listenMs: number;
  /** After which the broker has given what it had kept, and others have heard us. */
  readonly settleMs: number;
}

export interface SerialMoment extends SerialTerms {
  readonly nowMs: number;
  /** A number in [0, 1), another one each time. */
  readonly chance: number;
}

export interface Step {
  readonly standing: Standing;
  readonly actions: readonly SerialAction[];
}

/** What listening is longer than it has to be at most, so that two that begin together do not end together. */
const LISTEN_SPREAD = 1 / 7;

/** How long an agent listens: with 35 s up to 40 s. */
export const listeningMs = ({ listenMs, chance }: SerialMoment): number => listenMs * (1 + chance * LISTEN_SPREAD);

/** Silences of `listenMs` after which a client that was heard counts as gone: a client sends a state every 30 s. */
const SILENCES = 5;
/** With `listenMs` 0, which only tests have. */
const LEAST_SILENCE_MS = 5000;

/** How long another client has to be silent before an agent that yielded to it listens again: with 35 s almost 3 minutes. */
export const silenceMs = ({ listenMs }: SerialTerms): number => Math.max(SILENCES * listenMs, LEAST_SILENCE_MS);
