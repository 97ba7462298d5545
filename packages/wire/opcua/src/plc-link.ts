import type { PlcSession } from './plc-session.ts';

/** State of the connection to a PLC. */
export interface LinkState {
  readonly connected: boolean;
  /** Start of this state, in monotonic milliseconds. */
  readonly sinceMs: number;
  /** Why there is no connection, as a sentence with a remedy if one is needed; absent while connected. */
  readonly problem?: string;
  /** Failed attempts since the last connection. */
  readonly failedAttempts: number;
}

/** The user of a connection. */
export interface LinkListener {
  /**
   * Called when a session starts; all subscriptions must be created again. If it throws, the session ends and the next
   * one starts later.
   */
  onSession(session: PlcSession): Promise<void>;
  /** Called when the session is lost or an attempt failed; `state` contains the reason. */
  onLost(state: LinkState): void;
}

/** The connection to one PLC: starts sessions, one after another, until it is stopped. */
export interface PlcLink {
  readonly state: LinkState;
  /** The current session. Throws `PlcUnreachable` if there is none. */
  readonly session: PlcSession;
  start(listener: LinkListener): void;
  stop(): Promise<void>;
}
