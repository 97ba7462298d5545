import { X509Certificate } from 'node:crypto';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Timeout of the TLS handshake. */
const HANDSHAKE_MS = 10_000;

/**
 * Reads the certificate of a server without trusting it, and without sending a request. Rejects with the connection error if the
 * server presents none.
 */
export function readServerCertificate(url: string): Promise<X509Certificate> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'https:') {
    throw new CommandFailed(`${url} uses http and has no certificate: use an https:// address`, ExitCode.usage);
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const { connect } = process.getBuiltinModule('node:tls');
  const { isIP } = process.getBuiltinModule('node:net');
  const socket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(isIP(host) === 0 && { servername: host }),
  });
  socket.setTimeout(HANDSHAKE_MS, () => socket.destroy(new Error(`no TLS handshake within ${HANDSHAKE_MS / 1000} s`)));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(new X509Certificate(raw));
    });
  });
}
