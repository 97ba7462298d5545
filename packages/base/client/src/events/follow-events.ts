import { type Random, retryDelayMs } from '@medkit/edges';
import { GatewayRefused, isTransient } from '../failures.ts';
import { readEvents, type ServerEvent } from './read-events.ts';

/** Waits for a time in milliseconds, or until `signal` is aborted. */
export type Pause = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

/** How pauses are made. */
export interface PauseOptions {
  readonly pause: Pause;
  /** Shortens the pauses, so that the clients of a gateway do not return together. */
  readonly random: Pick<Random, 'float'>;
}

/** Pause before reopening a stream; longer with every failed attempt. */
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;
/** Minimum pause that a server can request. */
const MIN_PAUSE_MS = 50;

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** Id of the last event received. The stream begins after it. */
  readonly lastEventId?: string;
  /** Maximum pause between two attempts (default 30 s, suited to many clients of one gateway). */
  readonly maxPauseMs?: number;
  /**
   * Called whenever the stream is open, the first time and after every interruption. All events from then on are
   * delivered.
   */
  readonly onOpen?: () => void;
  /**
   * Called before each pause, with its duration, the number of attempts since the last event, and the error, if any.
   */
  readonly onPause?: (pauseMs: number, count: number, failure: unknown) => void;
  /** Called when the server has ended the stream regularly. Returns whether to reopen it (default: yes). */
  readonly goesOn?: () => Promise<boolean>;
}

/**
 * Event with which a gateway ends the stream of a client that is no longer authorized. Not yielded. Reopening the
 * stream shows whether the client is authorized again, for example with a new token.
 */
const UNAUTHORIZED_EVENT = 'x-medkit-auth';

export interface FollowEdges extends PauseOptions {
  /** Returns the data of an event with the addresses of the API, see `localAddressesOf`. */
  readonly localAddresses?: (text: string) => string;
}

/** Opens the stream after an event. Throws like any request. */
export type OpenStream = (lastEventId: string | undefined) => Promise<AsyncIterable<Uint8Array>>;

/**
 * Yields the events of a stream. If the stream breaks or ends, reopens it after the last event received. Returns when
 * `signal` is aborted, or when a stream that was open no longer exists. Throws the error of the first attempt to open
 * it. Later, throws refusals of the server, such as 401 and 403 for a client that is no longer authorized.
 */
export async function* followEvents(
  open: OpenStream,
  { pause, random, localAddresses = (text) => text }: FollowEdges,
  { signal, lastEventId, maxPauseMs = MAX_PAUSE_MS, onOpen, onPause, goesOn }: FollowOptions,
): AsyncGenerator<ServerEvent> {
  let lastId = lastEventId;
  let basePauseMs = FIRST_PAUSE_MS;
  let attempts = 0;
  let wasOpen = false;
  for (;;) {
    let failure: unknown;
    try {
      const chunks = await open(lastId);
      wasOpen = true;
      onOpen?.();
      let isAuthorized = true;
      for await (const item of readEvents(chunks)) {
        if ('retryMs' in item) {
          basePauseMs = Math.min(Math.max(item.retryMs, MIN_PAUSE_MS), maxPauseMs);
          continue;
        }
        if (item.event === UNAUTHORIZED_EVENT) {
          isAuthorized = false;
          break;
        }
        attempts = 0;
        lastId = item.id ?? lastId;
        yield { ...item, data: localAddresses(item.data) };
      }
      if (signal?.aborted || (isAuthorized && goesOn && !(await goesOn()))) return;
    } catch (error) {
      if (signal?.aborted) return;
      if (wasOpen && noLongerExists(error)) return;
      if (!wasOpen || !isTransient(error)) throw error;
      failure = error;
    }
    attempts += 1;
    const pauseMs = Math.round(retryDelayMs({ firstMs: basePauseMs, maxMs: maxPauseMs }, attempts, random));
    onPause?.(pauseMs, attempts, failure);
    await pause(pauseMs, signal);
    if (signal?.aborted) return;
  }
}

/**
 * Returns whether a stream that was open no longer exists, for example because its subscription expired or its trigger
 * was deleted.
 */
function noLongerExists(error: unknown): boolean {
  return error instanceof GatewayRefused && (error.status === 404 || error.status === 410);
}

export const pauseInTime: Pause = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
