import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { BrokerAddress } from './broker-address.ts';

/** Returns why the certificates of an address cannot be used, or `undefined` if they can or there are none. */
export function certificateProblem({ ca, cert, key }: BrokerAddress): string | undefined {
  if ((cert === undefined) !== (key === undefined))
    return 'a client certificate and its key are needed together: set both';
  // TLS ignores an unreadable CA, and then trusts none.
  return (
    problemOf('the CA of the broker', () => ca !== undefined && new X509Certificate(ca)) ??
    problemOf('the client certificate or its key', () => createSecureContext({ cert, key }))
  );
}

function problemOf(what: string, read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return `${what} cannot be used: expected PEM text: ${(error as Error).message}`;
  }
}
