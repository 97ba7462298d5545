import type { IClientOptions } from 'mqtt';
import type { SessionOptions } from './session.ts';

/** Timeout for connecting up to the answer to CONNECT. */
const CONNECT_MS = 10_000;
const KEEPALIVE_S = 15;

/**
 * Returns the options of the library: connect once, store nothing, and write no logs, which would contain passwords.
 */
export function clientOptions({ address, clientId, will }: SessionOptions, maxPacketBytes: number): IClientOptions {
  const { url, username, password, ca, cert, key } = address;
  const { protocol, hostname, port, pathname } = new URL(url);
  const scheme = protocol.slice(0, -1) as 'mqtt' | 'mqtts' | 'ws' | 'wss';
  const isTls = scheme.endsWith('s') && scheme !== 'ws';
  return {
    protocol: scheme,
    // A socket needs an IPv6 address without brackets. A URL, rebuilt from it for WebSockets, needs brackets.
    hostname: scheme.startsWith('mqtt') ? hostname.replace(/^\[(.*)\]$/, '$1') : hostname,
    ...(port !== '' && { port: Number(port) }),
    path: pathname,
    clientId,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isTls && { ca, cert, key, rejectUnauthorized: true }),
    ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
    protocolVersion: address.protocol === '5' ? 5 : 4,
    ...(address.protocol === '5' && { properties: { maximumPacketSize: maxPacketBytes } }),
    wsOptions: { maxPayload: maxPacketBytes },
    keepalive: address.keepaliveS ?? KEEPALIVE_S,
    connectTimeout: CONNECT_MS,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: 'native',
    log: () => undefined,
  };
}
