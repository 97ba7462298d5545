import { connectAs } from './connect.ts';
import { StreamSessions, type TabPort } from './stream-sessions.ts';

/**
 * The event streams of this browser, shared by all its tabs. Over plain HTTP a browser opens only six connections to a
 * gateway, so one stream per tab would exhaust them.
 */
const sessions = new StreamSessions(connectAs);

if ('onconnect' in globalThis) {
  addEventListener('connect', (event) => {
    const [port] = (event as MessageEvent).ports;
    if (port) sessions.attend(port);
  });
} else sessions.attend(globalThis as unknown as TabPort);
