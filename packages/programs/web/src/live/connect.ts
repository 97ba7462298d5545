import { createClient } from '@medkit/client';
import { gatewayAddress } from '../routes/base-path.ts';
import { withSilenceTimeout } from './silence-timeout.ts';
import { formatWatchList } from './watch-list.ts';

const INTERVAL_MS = 200;
const OPENING_MS = 10_000;
/** The gateway sends at least every two seconds; a busy one may be late. */
const SILENCE_MS = 4_500;

/** Subscription for one stream of the gateway. */
export interface StreamSubscription {
  readonly watch: readonly string[];
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  readonly onEvent: (event: string, data: string) => void;
}

/**
 * Opens a stream once and reads it to its end. Returns the milliseconds that the gateway requests before a reconnect.
 * Throws `GatewayUnreachable` or `GatewayRefused` if the client cannot open it.
 */
export type Connect = (wish: StreamSubscription) => Promise<number>;

/** Credentials of a stream. */
export interface Session {
  readonly token: string;
  readonly clientName: string;
}

/** Returns a function that opens streams of the gateway that serves this page. */
export function connectAs({ token, clientName }: Session): Connect {
  const client = createClient({
    url: gatewayAddress(),
    token,
    clientId: clientName,
    timeoutMs: OPENING_MS,
    send: withSilenceTimeout((url, init) => fetch(url, init), SILENCE_MS),
  });
  return async ({ watch, signal, onOpen, onEvent }) => {
    // Prevents the client from reconnecting itself: `SharedStream` decides when to reconnect and with which values.
    const over = new AbortController();
    let pauseMs = 0;
    const options = {
      query: { interval: INTERVAL_MS, ...(watch.length > 0 && { watch: formatWatchList(watch) }) },
      signal: AbortSignal.any([signal, over.signal]),
      onOpen,
      onPause: (ms: number) => {
        pauseMs = ms;
        over.abort();
      },
    };
    for await (const { event, data } of client.events('streamLive', options)) {
      if (event !== undefined) onEvent(event, data);
    }
    return pauseMs;
  };
}
