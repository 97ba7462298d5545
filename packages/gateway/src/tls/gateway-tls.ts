import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { RuntimeHealth } from '@medkit/core';

/** What a server is made with besides its certificate. */
export interface ServerLimits extends ServerOptions {
  /** After which a connection ends on which nothing moves. */
  readonly connectionTimeout: number;
}

/** How a gateway speaks HTTPS; nothing of it is loaded by one that does not. */
export interface GatewayTls {
  /** `1.2` or `1.3`. */
  readonly minVersion: string;
  /** Whether the certificate that is served vouches for itself: then browsers are not told to come by HTTPS alone. */
  readonly isSelfSigned: boolean;
  /** A server for every address that is listened on, each with the certificate of the moment. */
  createServer(handler: RequestListener, limits: ServerLimits): Server;
  /** The connection as it came in of one over TLS. */
  rawOf(socket: Socket): Socket;
  /** Ends connections that have not agreed on keys: there is nothing to finish on them. */
  cutOff(): void;
  health(): RuntimeHealth;
  /** Takes what its files have now, where it can be served. What cannot is told, and the certificate stays. */
  reload(): Promise<void>;
  close(): void;
}
