import type { ConnectionState, TopicName } from '@medkit/vda5050';

/**
 * - `listening`: listens for another client of the serial number and publishes nothing;
 * - `claiming`: has received no message of another client and publishes ONLINE, but no state of the robot yet;
 * - `sole`: is the client of the serial number;
 * - `feed`: another client publishes, or the user set `mode: feed`: the agent sends nothing to the fleet.
 */
const ROLES = ['listening', 'claiming', 'sole', 'feed'] as const;
export type Role = (typeof ROLES)[number];

/** A received message on a topic of the robot, reduced to what shows who publishes. */
export interface ReceivedMessage {
  readonly topic: Exclude<TopicName, 'order' | 'instantActions'>;
  /** True if the broker had retained the message before this agent subscribed. */
  readonly isRetained: boolean;
  /** True if this process sent it, or an earlier process if it is retained. */
  readonly isFromSelf: boolean;
  /** Content of a message on the topic `connection`; absent if it is unreadable. */
  readonly connection?: ConnectionState;
}

/** State of an agent: what it knows about who publishes for the serial number. */
export interface SerialState {
  readonly role: Role;
  /** Reason why the agent publishes, or does not, as text. */
  readonly reason: string;
  /** True if a complete state is available. */
  readonly isAvailable: boolean;
  /** True if a retained ONLINE of another client is ignored: the user takes over, or that client was silent. */
  readonly takesOver: boolean;
  /** In the role `feed`: yielded to another client. The agent resumes after that client was silent for `silenceMs`. */
  readonly isYielding: boolean;
  /** True if the agent was `sole` and has only lost the connection to the broker. */
  readonly resumes: boolean;
  /** When the connection opened, by the monotonic clock; absent while it is closed. */
  readonly openedMs?: number;
  /** When the current step is due, by the monotonic clock. */
  readonly dueMs?: number;
  /** Last message received on the topic `connection`. */
  readonly lastConnectionMessage?: ReceivedMessage;
  /** Last own message on that topic with this connection. */
  readonly said?: SentConnection;
}

export interface SentConnection {
  readonly state: 'ONLINE' | 'OFFLINE';
  readonly atMs: number;
  /** Own messages that the broker has not returned yet, and when it returned the last one. */
  readonly unreturned: number;
  readonly lastReturnedMs?: number;
}

export type SerialEvent =
  /** The requested connection opened, or it failed or broke. */
  | { readonly is: 'opened' | 'lost' }
  | { readonly is: 'heard'; readonly message: ReceivedMessage }
  | { readonly is: 'able'; readonly isAvailable: boolean }
  /** The time `dueMs` was reached. */
  | { readonly is: 'due' }
  | { readonly is: 'stopped' };

export type SerialAction =
  /**
   * Closes the connection in order, then opens one without a will (`listen`), with a will (`claim`), or none (`leave`).
   */
  | { readonly do: 'listen' | 'claim' | 'leave' }
  /** Publishes a retained message on the topic `connection`. */
  | { readonly do: 'say'; readonly state: 'ONLINE' | 'OFFLINE' }
  /** Stores for later processes that another client appeared (`cede`), or that it is silent (`return`). */
  | { readonly do: 'cede'; readonly reason: string }
  | { readonly do: 'return' };

/** Durations and the name of the robot. */
export interface SerialSettings {
  /** Name of the robot in messages. */
  readonly name: string;
  /** Listening time. A client must send a state at least every 30 s, so a longer time receives one. */
  readonly listenMs: number;
  /** Time after which the broker has delivered its retained messages and other clients have received ours. */
  readonly settleMs: number;
}

export interface StepContext extends SerialSettings {
  readonly nowMs: number;
  /** A new random number in [0, 1). */
  readonly chance: number;
}

export interface Step {
  readonly standing: SerialState;
  readonly actions: readonly SerialAction[];
}

/** Maximum random extension of the listening time, so that two agents that start together do not finish together. */
const LISTEN_SPREAD = 1 / 7;

/** Returns the listening time: with 35 s up to 40 s. */
export const listeningMs = ({ listenMs, chance }: StepContext): number => listenMs * (1 + chance * LISTEN_SPREAD);

/** Multiple of `listenMs` after which a silent client counts as gone; a client sends a state every 30 s. */
const SILENCES = 5;
/** Minimum silence; applies with `listenMs` 0, which only tests use. */
const LEAST_SILENCE_MS = 5000;

/** Returns how long another client must be silent before a yielded agent listens again: with 35 s almost 3 minutes. */
export const silenceMs = ({ listenMs }: SerialSettings): number => Math.max(SILENCES * listenMs, LEAST_SILENCE_MS);
