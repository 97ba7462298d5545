import type { X509Certificate } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { CertificateRefusal, ClientCertificate } from '../../security/client-certificate.ts';
import { HANDSHAKE_TIMEOUT_MS } from '../tls-options.ts';
import { isSignedBy } from './client-chain.ts';
import { clientNames } from './client-names.ts';

/** Extended key usage `clientAuth` (RFC 5280, 4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Reasons by verification errors of OpenSSL; all others mean that no trusted authority signed the certificate. */
const REFUSALS: Readonly<Record<string, CertificateRefusal>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  CERT_REVOKED: 'certificate-revoked',
  CRL_HAS_EXPIRED: 'certificate-unverifiable',
  CRL_NOT_YET_VALID: 'certificate-unverifiable',
  CRL_SIGNATURE_FAILURE: 'certificate-unverifiable',
  INVALID_PURPOSE: 'certificate-not-for-clients',
  UNABLE_TO_GET_CRL: 'certificate-unverifiable',
};

/** Interval of the checks for expired certificates. */
const CHECK_MS = 15_000;
/** Time after its expiry in which event streams end with a reason, before the connection is closed. */
const EXPIRED_GRACE_MS = 5000;
/** Time for running replies after the authorities changed. Access ends within a minute, checks included. */
const STALE_GRACE_MS = 30_000;
/** Maximum refused certificates that were logged; then they are logged again. */
const MAX_LOGGED = 256;

export interface ClientConnections {
  /** Reads the certificate of a new connection, before its first request. */
  add(socket: TLSSocket): void;
  /** Wraps the handler of requests: their replies end connections that must be verified again. */
  renewing(handler: RequestListener): RequestListener;
  /** Ends all connections with a certificate, whose clients must connect again: the authorities have changed. */
  endAll(): void;
  of(connection: object): ClientCertificate | undefined;
  /** Verification error of the latest certificate that could not be checked for revocation, since the lists changed. */
  readonly unverifiable: string | undefined;
  close(): void;
}

interface Options {
  /** Returns the trusted authorities, as PEM texts. */
  readonly ca: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Tracks the connections whose clients have presented a certificate. */
export function clientConnections({ ca, clock, log }: Options): ClientConnections {
  const connections = new Map<object, ClientCertificate>();
  /** With the time at which each handshake was complete. */
  const sockets = new Map<TLSSocket, number>();
  let stale = new WeakSet<object>();
  let unverifiable: string | undefined;
  const logged = new Set<string>();

  const report = (certificate: X509Certificate, refused: CertificateRefusal, code: string, address: string): void => {
    const key = `${certificate.fingerprint256} ${code}`;
    if (logged.has(key)) return;
    if (logged.size >= MAX_LOGGED) logged.clear();
    logged.add(key);
    const subject = JSON.stringify(certificate.subject ?? '').slice(0, 200);
    log('warn', `TLS: the certificate ${subject} of the client ${address} is refused: ${refused} (${code})`);
  };

  const checks = clock.every(CHECK_MS, () => {
    const limit = clock.wallMs() - EXPIRED_GRACE_MS;
    for (const socket of sockets.keys()) {
      const certificate = connections.get(socket);
      if (certificate?.refused === undefined && certificate && certificate.notAfterMs <= limit) socket.destroy();
    }
  });
  return {
    add: (socket) => {
      const certificate = socket.getPeerX509Certificate();
      // OpenSSL reports a resumed session without a certificate as verified.
      if (!certificate) return;
      const error = socket.authorized ? purposeError(certificate) : String(socket.authorizationError);
      const refused = error === undefined ? undefined : refusalOf(certificate, error, ca());
      if (refused !== undefined) report(certificate, refused, error ?? '', socket.remoteAddress ?? 'that disconnected');
      if (refused === 'certificate-unverifiable') unverifiable = error;
      connections.set(socket, {
        names: clientNames(certificate),
        notAfterMs: certificate.validToDate.getTime(),
        ...(refused !== undefined && { refused }),
      });
      sockets.set(socket, clock.monotonicMs());
      socket.once('close', () => {
        connections.delete(socket);
        sockets.delete(socket);
      });
    },
    renewing: (handler) => (request, response) => {
      if (stale.has(request.socket)) response.shouldKeepAlive = false;
      handler(request, response);
    },
    endAll: () => {
      unverifiable = undefined;
      logged.clear();
      stale = new WeakSet(sockets.keys());
      // A handshake that had begun is verified with the previous authorities.
      const untilMs = clock.monotonicMs() + HANDSHAKE_TIMEOUT_MS;
      clock.after(STALE_GRACE_MS, () => {
        for (const [socket, completeMs] of sockets) if (completeMs <= untilMs) socket.destroy();
      });
    },
    of: (connection) => connections.get(connection),
    get unverifiable() {
      return unverifiable;
    },
    close: () => checks.cancel(),
  };
}

function refusalOf(certificate: X509Certificate, error: string, ca: readonly string[]): CertificateRefusal {
  const refused = REFUSALS[error];
  if (refused === undefined || !isSignedBy(certificate, ca)) return 'certificate-untrusted';
  return refused;
}

/** Returns the error of a certificate whose extended key usage does not include clients. Without one, any use is valid. */
function purposeError({ keyUsage }: X509Certificate): string | undefined {
  return keyUsage === undefined || keyUsage.includes(CLIENT_AUTH) ? undefined : 'INVALID_PURPOSE';
}
