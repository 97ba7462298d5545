import { createClient, GatewayRefused } from '@medkit/client';
import { type FromStream, SILENT_MS, type StreamState, type ToStream } from './messages.ts';

/**
 * The one event stream of this browser, for all its tabs: a browser has six connections to a gateway by plain HTTP, and a stream in
 * each tab would leave none for the seventh.
 */

/** A tab that scrolls changes what it shows many times in a moment. */
const SETTLE_MS = 60;
const INTERVAL_MS = 200;
const MAX_PAUSE_MS = 4000;

interface Tab {
  readonly port: Pick<MessagePort, 'postMessage'>;
  values: readonly string[];
  heardMs: number;
}

const tabs = new Set<Tab>();
let session = { token: '', clientName: '' };
let watch: readonly string[] = [];
let state: StreamState = { is: 'connecting' };
let stream: AbortController | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;
/** A tab that begins to show what another one shows has to be told what that knows: a stream that is opened anew tells all. */
let hasToTellAll = false;

function tell(message: FromStream): void {
  for (const { port } of tabs) port.postMessage(message);
}

function turn(next: StreamState): void {
  if (next.is === 'lost' && state.is === 'lost') state = { ...next, since: state.since };
  else state = next;
  tell({ is: 'state', state });
}

/** What all tabs show, in an order that does not change with who came first. */
function wanted(): readonly string[] {
  return [...new Set([...tabs].flatMap(({ values }) => values))].sort();
}

function settle(): void {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const next = wanted();
    if (stream !== undefined && !hasToTellAll && next.join(',') === watch.join(',')) return;
    watch = next;
    hasToTellAll = false;
    void follow();
  }, SETTLE_MS);
}

async function follow(): Promise<void> {
  stream?.abort();
  const own = new AbortController();
  stream = own;
  const client = createClient({ url: location.origin, token: session.token, clientId: session.clientName });
  const watched = watch;
  const query = { interval: INTERVAL_MS, ...(watched.length > 0 && { watch: watched.join(',') }) };
  const onOpen = () => {
    turn({ is: 'live' });
    tell({ is: 'opened' });
  };
  const onPause = (retryMs: number) => turn({ is: 'lost', since: Date.now(), retryMs });
  for (let pauseMs = 500; !own.signal.aborted; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      const options = { query, signal: own.signal, maxPauseMs: MAX_PAUSE_MS, onOpen, onPause };
      for await (const { event, data } of client.events('streamLive', options)) {
        if (own.signal.aborted) return;
        if (event === 'values') tell({ is: 'values', watch: watched, data });
        else if (event !== undefined) tell({ is: 'news', event, data });
      }
    } catch (error) {
      if (own.signal.aborted) return;
      if (error instanceof GatewayRefused && error.status < 500) {
        stream = undefined;
        turn({ is: 'refused', status: error.status, message: error.message });
        return;
      }
      turn({ is: 'lost', since: Date.now(), retryMs: pauseMs });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function hear(tab: Tab, message: ToStream): void {
  tab.heardMs = Date.now();
  switch (message.is) {
    case 'session':
      tab.port.postMessage({ is: 'state', state } satisfies FromStream);
      if (session.token === message.token && session.clientName === message.clientName && stream) return;
      session = { token: message.token, clientName: message.clientName };
      stream?.abort();
      stream = undefined;
      break;
    case 'watch':
      tab.values = message.values;
      // One that came back from the cache of the browser.
      tabs.add(tab);
      break;
    case 'gone':
      tabs.delete(tab);
  }
  for (const other of tabs) if (Date.now() - other.heardMs > SILENT_MS) tabs.delete(other);
  settle();
}

function attend(port: Pick<MessagePort, 'postMessage'> & Pick<MessagePort, 'onmessage'>): void {
  const tab: Tab = { port, values: [], heardMs: Date.now() };
  tabs.add(tab);
  port.onmessage = ({ data }: MessageEvent<ToStream>) => {
    if (data.is === 'watch' && data.values.some((value) => !tab.values.includes(value))) hasToTellAll = true;
    hear(tab, data);
  };
}

if ('onconnect' in globalThis) {
  addEventListener('connect', (event) => {
    const [port] = (event as MessageEvent).ports;
    if (port) attend(port);
  });
} else attend(globalThis as unknown as Parameters<typeof attend>[0]);
