import { createHash } from 'node:crypto';
import type { Credential as AccountCredential, Accounts } from '@medkit/accounts';
import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Awaitable, andThen, type Principal } from '@medkit/core';
import type { Random } from '@medkit/edges';
import { restrictIdentity } from './delegation.ts';
import type { Credential, Identity, RequestSender } from './identity.ts';
import { sessionIn } from './session-cookie.ts';
import { tokenCheck } from './token.ts';

/** Accounts and tickets; present if the gateway has accounts. */
export interface KnownAccounts {
  readonly accounts: Pick<Accounts, 'identify' | 'identifySession' | 'onChange' | 'principalOf' | 'touch'>;
  readonly tickets: { redeem(ticket: string, path: string): AccountCredential | undefined };
  /** Requests for which the client must authenticate. */
  readonly requiredFor: 'none' | 'write' | 'all';
  /** Unique to this gateway, since browsers send the cookies of a host to all its ports. */
  readonly cookieName: string;
}

export interface PrincipalsOptions {
  /** `server.token`; empty if none is configured. */
  readonly token: string;
  /** `metrics.token`; absent or empty if metrics are disabled or have no token. */
  readonly metricsToken?: string;
  readonly random: Random;
  readonly known?: KnownAccounts;
  /** Present if the robot is enrolled at fleet hubs. */
  readonly hub?: KnownHub | undefined;
  /** Whether certificates identify clients: without accounts, a client with no credential is then refused. */
  readonly hasCertificates?: boolean;
}

/** The fleet hubs, which are known by their connections. */
export interface KnownHub {
  /** Returns the hub that opened this connection. */
  identityOf(connection: object): Identity | undefined;
  /** Returns the hub for the id of its credential. */
  principalOf(id: string): Principal | undefined;
}

/** Identifies clients by their credentials. */
export interface Principals {
  /**
   * Identifies the sender of a request. Returns the same principal object for each of its requests, as long as its
   * permissions do not change.
   */
  identify(asking: RequestSender): Awaitable<Identity>;
  /** Returns the principal for which a credential is valid now, or why it is no longer valid. */
  current(credential: Credential): Principal | { readonly refused: string };
  /** Admits a principal until this process ends; returns its `Authorization` header. */
  admit(principal: Principal): string;
  /** Revokes an admission. */
  dismiss(authorization: string): void;
  /**
   * Calls `listener` whenever a client with open streams may have lost permissions. Returns a function that
   * unsubscribes.
   */
  onDismissal(listener: () => void): () => void;
}

export const NO_CREDENTIAL: Credential = { kind: 'none', id: '' };
const TOKEN_CREDENTIAL: Credential = { kind: 'token', id: 'server.token' };

/** Every client of a gateway without authentication: has all permissions. */
const ANYBODY = anonymous('admin', ALL_PERMISSIONS);
/** An unauthenticated client of a gateway that allows reading without authentication. */
const GUEST = anonymous('viewer', new Set<Permission>(['self', 'read', 'files.read', 'metrics']));
/** Methods that such a client may use; all others require authentication, whatever permission the route needs. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A client that did not authenticate although it must, or failed to. */
export const STRANGER = anonymous('', new Set());
const TOKEN: Principal = {
  id: 'server.token',
  kind: 'token',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
};

/** A scraper with `metrics.token`. */
const SCRAPER: Principal = {
  id: 'metrics.token',
  kind: 'token',
  role: 'metrics',
  permissions: new Set<Permission>(['metrics']),
  scopes: [],
};
const METRICS_CREDENTIAL: Credential = { kind: 'token', id: SCRAPER.id };

function anonymous(role: string, permissions: ReadonlySet<Permission>): Principal {
  return { id: 'anonymous', kind: 'anonymous', role, permissions, scopes: [] };
}

const BEARER_BYTES = 32;
/** Maximum cached headers: a robot has some dozens of clients. */
const MAX_REMEMBERED = 1024;

/** Identifies principals by the server's token, by admission, and by accounts if there are any. */
export function openPrincipals(options: PrincipalsOptions): Principals {
  const { token, metricsToken = '', random, known, hub, hasCertificates = false } = options;
  const isToken = token === '' ? () => false : tokenCheck(token);
  const isMetricsToken = metricsToken === '' ? () => false : tokenCheck(metricsToken);
  const anybody = othersOf(token !== '' || hasCertificates, known);
  const others = metricsToken === '' ? anybody : withoutMetrics(anybody);
  /** By digest, so that the duration of a look-up discloses nothing about the header. */
  const admitted = new Map<string, Principal>();
  /** Credentials by header: a second check would take longer than the reply. */
  const remembered = new Map<string, Credential>();
  const listeners = new Set<() => void>();
  const isGuest = anybody === GUEST;
  const othersFor = (method: string): Principal => (isGuest && !READING.has(method) ? STRANGER : others);

  const notify = (): void => {
    remembered.clear();
    for (const listener of listeners) listener();
  };
  known?.accounts.onChange(notify);

  function current(credential: Credential): ReturnType<Principals['current']> {
    switch (credential.kind) {
      case 'none':
        return others;
      case 'token':
        return credential.id === SCRAPER.id ? SCRAPER : TOKEN;
      case 'hub':
        return hub?.principalOf(credential.id) ?? { refused: 'revoked' };
      case 'plugin':
        return admitted.get(credential.id) ?? { refused: 'revoked' };
      case 'certificate':
        return { refused: 'revoked' };
      default:
        return known?.accounts.principalOf(credential) ?? { refused: 'revoked' };
    }
  }

  const unknown = (method: string, refused?: string): Identity => ({
    principal: othersFor(method),
    credential: NO_CREDENTIAL,
    ...(refused !== undefined && { refused }),
  });

  function identityOf(credential: Credential, method: string): Identity {
    const principal = current(credential);
    return 'refused' in principal ? unknown(method, principal.refused) : { principal, credential };
  }

  function credentialOf(authorization: string): Awaitable<Credential | { readonly refused: string }> {
    if (isToken(authorization)) return TOKEN_CREDENTIAL;
    if (isMetricsToken(authorization)) return METRICS_CREDENTIAL;
    const id = digest(authorization);
    if (admitted.has(id)) return { kind: 'plugin', id };
    const text = bearerIn(authorization);
    return text !== undefined && known ? known.accounts.identify(text) : { refused: 'unknown' };
  }

  /**
   * Returns the identity for a request and marks the key or session as used, which extends a session that has not
   * expired.
   */
  function used(credential: Credential, method: string): Identity {
    const identity = identityOf(credential, method);
    const { kind } = identity.credential;
    if (kind === 'key' || kind === 'session') known?.accounts.touch(identity.credential as AccountCredential);
    return identity;
  }

  function ofHeader(authorization: string, method: string): Awaitable<Identity> {
    const before = remembered.get(authorization);
    if (before) return used(before, method);
    return andThen(credentialOf(authorization), (found) => {
      if ('refused' in found) return unknown(method, found.refused);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(authorization, found);
      return used(found, method);
    });
  }

  /** Identifies a client without a header by session cookie or ticket, if there are accounts. */
  function withoutHeader(asking: RequestSender, { accounts, tickets, cookieName }: KnownAccounts): Identity {
    const session = sessionIn(asking, cookieName);
    if (session !== undefined) {
      return ofFound(accounts.identifySession(session), asking.method);
    }
    const ticket = ticketIn(asking);
    if (!ticket) return unknown(asking.method);
    return ofFound(tickets.redeem(ticket.text, ticket.path) ?? { refused: 'unknown' }, asking.method);
  }

  function ofFound(found: Credential | { readonly refused: string }, method: string): Identity {
    return 'refused' in found ? unknown(method, found.refused) : used(found, method);
  }

  return {
    identify: (asking) => {
      const found = hub && asking.socket && hub.identityOf(asking.socket);
      if (found) return restrictIdentity(asking, found);
      const { authorization } = asking.headers;
      if (authorization === undefined) return known ? withoutHeader(asking, known) : unknown(asking.method);
      return andThen(ofHeader(authorization, asking.method), (found) => restrictIdentity(asking, found));
    },
    current,
    admit: (principal) => {
      const authorization = `Bearer ${Buffer.from(random.bytes(BEARER_BYTES)).toString('base64url')}`;
      admitted.set(digest(authorization), principal);
      return authorization;
    },
    dismiss: (authorization) => {
      if (admitted.delete(digest(authorization))) notify();
    },
    onDismissal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Returns the principal of clients that send no credentials. */
function othersOf(hasCredentials: boolean, known: KnownAccounts | undefined): Principal {
  const required = known?.requiredFor ?? (hasCredentials ? 'all' : 'none');
  return { none: ANYBODY, write: GUEST, all: STRANGER }[required];
}

/** Returns an unauthenticated principal that may not read metrics: a configured token is then needed. */
function withoutMetrics(principal: Principal): Principal {
  const permissions = new Set([...principal.permissions].filter((permission) => permission !== 'metrics'));
  return { ...principal, permissions };
}

/** RFC 6750, 2.1. */
function bearerIn(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Returns the ticket in the URL of an event stream request, and the path for which it must have been issued. */
function ticketIn({ method, url }: RequestSender): { readonly text: string; readonly path: string } | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  if (method !== 'GET' || !query.includes('ticket=')) return undefined;
  const text = new URLSearchParams(query).get('ticket');
  return text === null ? undefined : { text, path };
}
