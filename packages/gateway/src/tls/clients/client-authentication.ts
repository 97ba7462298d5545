import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Clock, Files, Random } from '@medkit/edges';
import type { ClientCertificates } from '../../security/client-certificate.ts';
import { type AuthorityPaths, type ClientAuthority, isSameAuthority, readClientAuthority } from './client-authority.ts';
import { clientConnections } from './client-connections.ts';

/** Length of the keys of session tickets. */
const TICKET_KEYS_BYTES = 48;

export interface ClientAuthenticationOptions {
  readonly settings: AuthorityPaths & { readonly client_auth: string };
  readonly files: Pick<Files, 'readText' | 'stateOf'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Authentication of clients by certificates. Loaded only if it is enabled. */
export interface ClientAuthentication {
  readonly certificates: ClientCertificates;
  /** The authorities in use: the last valid ones. */
  readonly authority: ClientAuthority;
  readonly warnings: RuntimeHealth['warnings'];
  add(socket: TLSSocket): void;
  renewing(handler: RequestListener): RequestListener;
  /**
   * Reads the authorities again. Returns whether they changed; then `renew` must be called for each server. If they are
   * invalid, logs the reason and retains the previous ones.
   */
  reload(): Promise<boolean>;
  /** Makes the clients of a server prove their certificates again, with the new authorities. */
  renew(server: Server): void;
  /** Ends the connections that were verified with the previous authorities. */
  endConnections(): void;
  close(): void;
}

/** Opens the authentication of clients. Throws `CertificateRefused` if the authorities cannot be used. */
export async function openClientAuthentication(options: ClientAuthenticationOptions): Promise<ClientAuthentication> {
  const { settings, files, clock, random, log } = options;
  let authority = await readClientAuthority(settings, files);
  let problem: string | undefined;
  const connections = clientConnections({ ca: () => authority.ca, clock, log });
  log('info', `TLS: client certificates are ${settings.client_auth}`);
  return {
    certificates: { isRequired: settings.client_auth === 'required', of: (connection) => connections.of(connection) },
    get authority() {
      return authority;
    },
    get warnings() {
      return warningsOf(problem, connections.unverifiable);
    },
    add: (socket) => connections.add(socket),
    renewing: (handler) => connections.renewing(handler),
    reload: async () => {
      try {
        const found = await readClientAuthority(settings, files);
        problem = undefined;
        if (isSameAuthority(found, authority)) return false;
        authority = found;
        log('info', 'TLS: new authorities and revocation lists of clients are in use');
        return true;
      } catch (error) {
        const reason = errorMessage(error);
        if (reason !== problem) log('error', `TLS: ${reason}; the previous authorities of clients remain in use`);
        problem = reason;
        return false;
      }
    },
    // A resumed session is not verified again, so that a revoked certificate would remain valid.
    renew: (server) => server.setTicketKeys(Buffer.from(random.bytes(TICKET_KEYS_BYTES))),
    endConnections: () => connections.endAll(),
    close: () => connections.close(),
  };
}

function warningsOf(problem: string | undefined, unverifiable: string | undefined): RuntimeHealth['warnings'] {
  const refused =
    problem === undefined
      ? []
      : [
          {
            code: 'tls_client_ca_refused',
            message: `New authorities or revocation lists of clients are not used: ${problem}. The previous ones remain in use.`,
          },
        ];
  const outdated =
    unverifiable === undefined
      ? []
      : [
          {
            code: 'tls_client_crl_unusable',
            message: `A client certificate was refused, because the gateway could not check whether it is revoked (${unverifiable}): server.tls.client_crl_file needs a current list of each authority in the chain.`,
          },
        ];
  return [...refused, ...outdated];
}
