import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { RuntimeHealth } from '@medkit/core';
import type { ClientCertificates } from '../security/client-certificate.ts';

/** Server options besides the certificate. */
export interface ServerLimits extends ServerOptions {
  /** Closes a connection after this time without traffic. */
  readonly connectionTimeout: number;
}

/** The TLS side of a gateway. Loaded only if HTTPS is enabled. */
export interface GatewayTls {
  /** `1.2` or `1.3`. */
  readonly minVersion: string;
  /** Whether the served certificate is self-signed: then no HSTS header is sent. */
  readonly isSelfSigned: boolean;
  /** The certificates of clients; absent if they are not requested. */
  readonly clients?: ClientCertificates;
  /** Creates a server for each listening address, with the current certificate. */
  createServer(handler: RequestListener, limits: ServerLimits): Server;
  /** Returns the raw connection of a TLS socket. */
  rawOf(socket: Socket): Socket;
  /** Closes connections whose handshake is not complete: there is no request to finish. */
  cutOff(): void;
  health(): RuntimeHealth;
  /**
   * Reads the files again and serves the new certificate if it is valid. Otherwise logs the reason and retains the
   * previous one.
   */
  reload(): Promise<void>;
  close(): void;
}
