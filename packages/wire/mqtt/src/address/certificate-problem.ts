import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { BrokerAddress } from './broker-address.ts';

/** Why the certificates of an address cannot be used, in words; undefined where they can, or there are none. */
export function certificateProblem({ ca, cert, key }: BrokerAddress): string | undefined {
  if ((cert === undefined) !== (key === undefined))
    return 'a certificate of our own and its key go together: give both';
  // TLS passes over a CA that it cannot read, and then knows none.
  return (
    problemOf('the CA of the broker', () => ca !== undefined && new X509Certificate(ca)) ??
    problemOf('our own certificate, or its key,', () => createSecureContext({ cert, key }))
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
