import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ReadCredentials } from './credential-files.ts';
import { type TlsCredentials, timeOf } from './tls-credentials.ts';

/** Reads the current credentials. Throws an error with a one-line message if they cannot be used. */
export type CredentialReader = () => Promise<ReadCredentials>;

export interface ServedCertificateOptions {
  readonly read: CredentialReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a new certificate is served. */
  readonly onChange: (credentials: TlsCredentials) => void;
}

/** The certificate of a running gateway: the last valid one. */
export interface ServedCertificate {
  readonly credentials: TlsCredentials;
  /** Why the current files are not served; `undefined` if they are. */
  readonly problem: string | undefined;
  readonly warnings: readonly string[];
  /** Checks for a new certificate. Never rejects; concurrent calls run one after the other. */
  reload(): Promise<void>;
}

/** Reads the first certificate; throws if it cannot be used, so that the gateway does not start. */
export async function serveCertificate({ read, clock, log, onChange }: ServedCertificateOptions) {
  let { credentials, warnings } = await read();
  let problem: string | undefined;
  let looking: Promise<void> = Promise.resolve();
  for (const warning of warnings) log('warn', `TLS: ${warning}`);
  log('info', `TLS: ${certificateText(credentials)}`);
  if (credentials.facts.notBeforeMs > clock.wallMs()) {
    const from = timeOf(credentials.facts.notBeforeMs);
    log('warn', `TLS: this certificate is valid only from ${from}: check the clock of this machine`);
  }

  const look = async (): Promise<void> => {
    try {
      const found = await read();
      ({ warnings } = found);
      problem = undefined;
      if (isSame(found.credentials, credentials)) return;
      onChange(found.credentials);
      ({ credentials } = found);
      log('info', `TLS: from now on ${certificateText(credentials)}`);
    } catch (error) {
      const reason = errorMessage(error);
      if (reason !== problem) log('error', `TLS: ${reason}; the previous certificate remains in use`);
      problem = reason;
    }
  };
  const served: ServedCertificate = {
    get credentials() {
      return credentials;
    },
    get problem() {
      return problem;
    },
    get warnings() {
      return warnings;
    },
    reload: () => {
      looking = looking.then(look);
      return looking;
    },
  };
  return served;
}

function certificateText({ facts: { fingerprint, notAfterMs, isSelfSigned } }: TlsCredentials): string {
  const kind = isSelfSigned ? 'a self-signed certificate' : 'a certificate';
  return `${kind}, until ${timeOf(notAfterMs)}, is served: ${fingerprint}`;
}

function isSame(one: TlsCredentials, other: TlsCredentials): boolean {
  return one.cert === other.cert && one.key === other.key && one.ca === other.ca;
}
