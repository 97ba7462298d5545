import { connectAs } from './connect.ts';
import { StreamSessions, type TabPort } from './stream-sessions.ts';

/**
 * The event streams of this browser, for all its tabs: a browser has six connections to a gateway by plain HTTP, and a stream in each
 * tab would leave none for the seventh.
 */
const sessions = new StreamSessions(connectAs);

if ('onconnect' in globalThis) {
  addEventListener('connect', (event) => {
    const [port] = (event as MessageEvent).ports;
    if (port) sessions.attend(port);
  });
} else sessions.attend(globalThis as unknown as TabPort);
