import { type Clock, type HttpClient, type Random, retryDelayMs, type Timer } from '@medkit/edges';

/** Time limit of a request. */
const TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 256;
/** Delay before the first retry; later ones are longer, up to the period. */
const FIRST_RETRY_MS = 2000;
/** Consecutive failures after which the heartbeat is reported as failing. */
const FAILING_FROM = 3;
/** Maximum length of a reason in characters. */
const MAX_REASON = 200;

export interface HeartbeatOptions {
  /** May be secret, except for scheme, host and port. */
  readonly url: string;
  readonly periodMs: number;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Returns why no heartbeat may be sent now, in a sentence; `undefined` if the gateway is healthy. */
  readonly healthProblem: () => string | undefined | Promise<string | undefined>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

export interface HeartbeatFacts {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly sent: number;
  readonly failed: number;
  readonly failuresInARow: number;
  /** Last successful heartbeat, milliseconds since the epoch. */
  readonly lastMs: number | undefined;
  readonly lastError: string | undefined;
  /** Why the gateway withholds it. */
  readonly withheld: string | undefined;
}

/**
 * Sends a heartbeat to a monitoring service, which raises an alarm if heartbeats stop. Withheld if the gateway cannot
 * store faults, because then it cannot do its job.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #origin: string;
  readonly #end = new AbortController();
  #timer: Timer | undefined;
  #beating: Promise<void> | undefined;
  #closed = false;
  #sent = 0;
  #failed = 0;
  #failures = 0;
  #lastMs: number | undefined;
  #lastError: string | undefined;
  #withheld: string | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#origin = new URL(options.url).origin;
  }

  start(): void {
    this.#next(0);
  }

  facts(): HeartbeatFacts {
    return {
      origin: this.#origin,
      sent: this.#sent,
      failed: this.#failed,
      failuresInARow: this.#failures,
      lastMs: this.#lastMs,
      lastError: this.#lastError,
      withheld: this.#withheld,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#end.abort();
    await this.#beating;
  }

  #next(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#beating = this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const { clock, periodMs, healthProblem, random } = this.#options;
    const beganMs = clock.monotonicMs();
    this.#withheld = await healthProblem();
    if (this.#withheld === undefined) await this.#send();
    const leftMs = Math.max(0, periodMs - (clock.monotonicMs() - beganMs));
    // Retries soon after the network returns: until a heartbeat arrives, the service may be calling people.
    const retry = { firstMs: FIRST_RETRY_MS, maxMs: periodMs };
    this.#next(this.#failures === 0 ? leftMs : retryDelayMs(retry, this.#failures, random));
  }

  async #send(): Promise<void> {
    const { http, url, clock } = this.#options;
    try {
      const { status } = await http.send({
        method: 'GET',
        url,
        headers: { 'User-Agent': 'medkit' },
        timeoutMs: TIMEOUT_MS,
        maxReplyBytes: MAX_REPLY_BYTES,
        signal: this.#end.signal,
      });
      if (status < 200 || status >= 300) throw new Error(`HTTP ${status}`);
      if (this.#failures >= FAILING_FROM) this.#options.log('info', `The heartbeat reaches ${this.#origin} again`);
      this.#sent += 1;
      this.#failures = 0;
      this.#lastError = undefined;
      this.#lastMs = clock.wallMs();
    } catch (error) {
      if (this.#closed) return;
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(reason: string): void {
    const { url, log } = this.#options;
    const { pathname, search } = new URL(url);
    const path = pathname + search;
    this.#failed += 1;
    this.#failures += 1;
    this.#lastError = (path.length > 1 ? reason.replaceAll(path, '/…') : reason).slice(0, MAX_REASON);
    if (this.#failures !== FAILING_FROM) return;
    log('warn', `The heartbeat does not reach ${this.#origin}, medkit retries: ${this.#lastError}`);
  }
}
