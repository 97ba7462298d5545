import type { PlcSession } from './plc-session.ts';

/** How the connection to a PLC is. */
export interface LinkState {
  readonly connected: boolean;
  /** Since when, monotonic milliseconds. */
  readonly sinceMs: number;
  /** Why there is none, in one sentence that says what to do where somebody has to do something; absent while there is one. */
  readonly problem?: string;
  /** Attempts that failed since it was there last. */
  readonly failedAttempts: number;
}

/** Who uses a connection. */
export interface LinkListener {
  /** A session began: all that was watched has to be watched anew. What it throws ends the session, and the next begins later. */
  onSession(session: PlcSession): Promise<void>;
  /** It is gone, or an attempt failed: `state` says why. */
  onLost(state: LinkState): void;
}

/** The connection to one PLC: it begins sessions, one after the other, until it is stopped. */
export interface PlcLink {
  readonly state: LinkState;
  /** The session that there is. Throws `PlcUnreachable` where there is none. */
  readonly session: PlcSession;
  start(listener: LinkListener): void;
  stop(): Promise<void>;
}
