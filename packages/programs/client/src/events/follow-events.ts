import { GatewayRefused, mayPass } from '../failures.ts';
import { readEvents, type ServerEvent } from './read-events.ts';

/** Waits so long, or until `signal` is aborted. */
export type Pause = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

/** Between two tries to open a stream: doubled with every one in vain. */
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;
/** A server may ask for short pauses, not for none. */
const MIN_PAUSE_MS = 50;

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** Id of the last event that was seen: the stream begins behind it. */
  readonly lastEventId?: string;
  /** Longest pause between two tries (default 30 s, for many who follow one gateway). */
  readonly maxPauseMs?: number;
  /** Told whenever the stream is open, the first time and after each break: what happens from now on is among its events. */
  readonly onOpen?: () => void;
  /** Told before each pause: how long it is, the how manieth since the last event, and why where something failed. */
  readonly onPause?: (pauseMs: number, count: number, why: unknown) => void;
  /** Asked when the server has ended the stream in good order: whether it is to be opened anew (default: yes). */
  readonly goesOn?: () => Promise<boolean>;
}

/**
 * With which a gateway ends a stream whose client it lets in no more: no event of the stream. Whether it is let in again, with a
 * new token say, shows when the stream is opened anew.
 */
const LET_IN_NO_MORE = 'x-medkit-auth';

/** Opens the stream behind an event. Throws as any request does. */
export type OpenStream = (lastEventId: string | undefined) => Promise<AsyncIterable<Uint8Array>>;

/**
 * The events of a stream, which is opened anew where it breaks or ends, behind the last event that was seen. Ends with
 * `signal`, or when a stream that was open is not there any more. Throws what the first try to open it throws, and what the
 * server refuses later: 401 and 403 to whom it lets in no more.
 */
export async function* followEvents(
  open: OpenStream,
  pause: Pause,
  { signal, lastEventId, maxPauseMs = MAX_PAUSE_MS, onOpen, onPause, goesOn }: FollowOptions,
): AsyncGenerator<ServerEvent> {
  let lastId = lastEventId;
  let ownPauseMs = FIRST_PAUSE_MS;
  let inVain = 0;
  let wasOpen = false;
  for (;;) {
    let why: unknown;
    try {
      const chunks = await open(lastId);
      wasOpen = true;
      onOpen?.();
      let isLetIn = true;
      for await (const item of readEvents(chunks)) {
        if ('retryMs' in item) {
          ownPauseMs = Math.min(Math.max(item.retryMs, MIN_PAUSE_MS), maxPauseMs);
          continue;
        }
        if (item.event === LET_IN_NO_MORE) {
          isLetIn = false;
          break;
        }
        inVain = 0;
        lastId = item.id ?? lastId;
        yield item;
      }
      if (signal?.aborted || (isLetIn && goesOn && !(await goesOn()))) return;
    } catch (error) {
      if (signal?.aborted) return;
      if (wasOpen && isOver(error)) return;
      if (!wasOpen || !mayPass(error)) throw error;
      why = error;
    }
    const pauseMs = Math.min(ownPauseMs * 2 ** inVain, maxPauseMs);
    inVain += 1;
    onPause?.(pauseMs, inVain, why);
    await pause(pauseMs, signal);
    if (signal?.aborted) return;
  }
}

/** The stream was there and is gone: a subscription that has ended, a trigger that was deleted. */
function isOver(error: unknown): boolean {
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
