import { retryDelayMs, type Timer } from '@medkit/edges';
import { PlcError, PlcUnreachable } from '../plc-error.ts';
import type { LinkListener, LinkState, PlcLink } from '../plc-link.ts';
import type { PlcSession } from '../plc-session.ts';
import type { OpcuaSession } from './opcua-session.ts';
import { openSession } from './open-session.ts';
import type { PlcLinkOptions } from './session-options.ts';

/** Delays between attempts. PLCs that return together are not contacted together. */
const RETRY = { firstMs: 500, maxMs: 30_000 };
/** A session of this length indicates a working server, in milliseconds: the delays then start from the beginning. */
const STEADY_MS = 10_000;

/**
 * Opens the connection to an OPC UA server. It reconnects indefinitely, with increasing delays of up to half a minute.
 */
export function openPlcLink(options: PlcLinkOptions): PlcLink {
  return new ReconnectingLink(options);
}

class ReconnectingLink implements PlcLink {
  readonly #options: PlcLinkOptions;
  #state: LinkState;
  #listener: LinkListener | undefined;
  #session: OpcuaSession | undefined;
  #retry: Timer | undefined;
  #attempt: Promise<void> = Promise.resolve();
  #cancellation = new AbortController();
  /** Consecutive failed attempts and short sessions: the delay before the next attempt grows with them. */
  #strikes = 0;

  constructor(options: PlcLinkOptions) {
    this.#options = options;
    this.#state = {
      connected: false,
      sinceMs: options.clock.monotonicMs(),
      problem: 'not connected yet',
      failedAttempts: 0,
    };
  }

  get state(): LinkState {
    return this.#state;
  }

  get session(): PlcSession {
    if (this.#session && this.#state.connected) return this.#session;
    throw new PlcUnreachable(`${this.#options.endpointUrl}: ${this.#state.problem ?? 'no session'}`);
  }

  start(listener: LinkListener): void {
    this.#listener = listener;
    this.#attempt = this.#connect();
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#retry?.cancel();
    await this.#session?.close();
    this.#cancellation.abort();
    await this.#attempt;
    this.#session = undefined;
    this.#state = {
      connected: false,
      sinceMs: this.#options.clock.monotonicMs(),
      problem: 'stopped',
      failedAttempts: 0,
    };
  }

  async #connect(): Promise<void> {
    try {
      this.#cancellation = new AbortController();
      const session = await openSession({ ...this.#options, signal: this.#cancellation.signal });
      if (this.#listener === undefined) return session.close();
      this.#session = session;
      session.onLost = (error) => this.#lose(session, error);
      if (session.problem) this.#lose(session, session.problem);
      else this.#begin(session);
    } catch (error) {
      this.#fail(error);
    }
  }

  #begin(session: OpcuaSession): void {
    this.#state = { connected: true, sinceMs: this.#options.clock.monotonicMs(), failedAttempts: 0 };
    // The listener may run as long as the session: a stop does not wait for it, but closes the session.
    void Promise.resolve(this.#listener?.onSession(session)).catch((error: unknown) => this.#lose(session, error));
  }

  #lose(session: OpcuaSession, error: unknown): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#attempt = session.close().catch((problem: unknown) => {
      this.#options.log('warn', `${this.#options.endpointUrl}: cannot close its session: ${String(problem)}`);
    });
    this.#fail(error);
  }

  #fail(error: unknown): void {
    const { clock, random, log, endpointUrl } = this.#options;
    const problem = sentenceOf(error, endpointUrl);
    const { connected, sinceMs, failedAttempts, problem: former } = this.#state;
    if (this.#listener === undefined) return;
    if (problem !== former) log('warn', `${endpointUrl}: ${problem}`);
    const nowMs = clock.monotonicMs();
    this.#strikes = connected && nowMs - sinceMs > STEADY_MS ? 1 : this.#strikes + 1;
    this.#state = {
      connected: false,
      sinceMs: connected ? nowMs : sinceMs,
      problem,
      failedAttempts: failedAttempts + 1,
    };
    this.#retry = clock.after(retryDelayMs(RETRY, this.#strikes, random), () => {
      this.#attempt = this.#attempt.then(() => (this.#listener ? this.#connect() : undefined));
    });
    this.#listener.onLost(this.#state);
  }
}

function sentenceOf(error: unknown, endpointUrl: string): string {
  const { message } = error instanceof Error ? error : new PlcError(String(error));
  return message.startsWith(`${endpointUrl}: `) ? message.slice(endpointUrl.length + 2) : message;
}
