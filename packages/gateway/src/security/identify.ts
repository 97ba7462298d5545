import { createHash } from 'node:crypto';
import type { Credential as AccountCredential, Accounts } from '@medkit/accounts';
import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Awaitable, andThen, type Principal } from '@medkit/core';
import type { Random } from '@medkit/edges';
import type { Asking, Credential, Identity } from './identity.ts';
import { restrictedTo } from './on-behalf-of.ts';
import { sessionIn } from './session-cookie.ts';
import { ticketIn } from './stream-ticket.ts';
import { tokenCheck } from './token.ts';

/** Whom accounts know, where there are some. */
export interface KnownAccounts {
  readonly accounts: Pick<Accounts, 'identify' | 'identifySession' | 'onChange' | 'principalOf' | 'touch'>;
  readonly tickets: { redeem(ticket: string, path: string): AccountCredential | undefined };
  /** For what a request has to say who sends it. */
  readonly requiredFor: 'none' | 'write' | 'all';
  /** Of this gateway, since browsers give the cookies of one host to every port of it. */
  readonly cookieName: string;
}

export interface PrincipalsOptions {
  /** `server.token`; empty where there is none. */
  readonly token: string;
  readonly random: Random;
  readonly known?: KnownAccounts;
}

/** Who can be told apart, and by what. */
export interface Principals {
  /** Who sends a request: the same principal for each of its requests, as long as it may the same. */
  identify(asking: Asking): Awaitable<Identity>;
  /** For whom a credential stands now; why it stands for nobody any more. */
  current(credential: Credential): Principal | { readonly refused: string };
  /** Lets a principal in until this process ends; gives the header by which it is known. */
  admit(principal: Principal): string;
  /** It is a stranger from now on. */
  dismiss(authorization: string): void;
  /** Calls `listener` whenever somebody may less than before, who may have something open; gives a way to stop. */
  onDismissal(listener: () => void): () => void;
}

const NO_CREDENTIAL: Credential = { kind: 'none', id: '' };
const TOKEN_CREDENTIAL: Credential = { kind: 'token', id: 'server.token' };

/** Whoever asks a gateway that wants to know of nobody who it is: all may do everything. */
const ANYBODY = anonymous('admin', ALL_PERMISSIONS);
/** Who need not say who it is to read, and has not. */
const GUEST = anonymous('viewer', new Set<Permission>(['self', 'read', 'files.read']));
/** Methods for which that is enough: whatever else a route needs, one that changes something wants to know who asks. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Who should have said who it is, and did not or did wrongly. */
const STRANGER = anonymous('', new Set());
const TOKEN: Principal = {
  id: 'server.token',
  kind: 'token',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
};

function anonymous(role: string, permissions: ReadonlySet<Permission>): Principal {
  return { id: 'anonymous', kind: 'anonymous', role, permissions, scopes: [] };
}

const BEARER_BYTES = 32;
/** Headers that were looked at and are remembered: a robot has some dozens of clients. */
const MAX_REMEMBERED = 1024;

/** Tells principals apart by the server's token, by what they were admitted with, and by accounts where there are some. */
export function openPrincipals({ token, random, known }: PrincipalsOptions): Principals {
  const isToken = token === '' ? () => false : tokenCheck(token);
  const others = othersOf(token, known);
  /** By digests, so that how long a look takes tells nothing of the header. */
  const admitted = new Map<string, Principal>();
  /** What headers stand for that were looked at before: to look again would take longer than to answer. */
  const remembered = new Map<string, Credential>();
  const listeners = new Set<() => void>();
  const othersFor = (method: string): Principal => (others === GUEST && !READING.has(method) ? STRANGER : others);

  const tell = (): void => {
    remembered.clear();
    for (const listener of listeners) listener();
  };
  known?.accounts.onChange(tell);

  function current(credential: Credential): ReturnType<Principals['current']> {
    switch (credential.kind) {
      case 'none':
        return others;
      case 'token':
        return TOKEN;
      case 'plugin':
        return admitted.get(credential.id) ?? { refused: 'revoked' };
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
    const id = digest(authorization);
    if (admitted.has(id)) return { kind: 'plugin', id };
    const text = bearerIn(authorization);
    return text !== undefined && known ? known.accounts.identify(text) : { refused: 'unknown' };
  }

  /** The same, of one that comes with a request: a session that is used does not end, unless it had ended before. */
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

  /** What comes with a request besides the header, where there are accounts. */
  function withoutHeader(asking: Asking, { accounts, tickets, cookieName }: KnownAccounts): Identity {
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
      const { authorization } = asking.headers;
      if (authorization === undefined) return known ? withoutHeader(asking, known) : unknown(asking.method);
      return andThen(ofHeader(authorization, asking.method), (found) => restrictedTo(asking, found));
    },
    current,
    admit: (principal) => {
      const authorization = `Bearer ${Buffer.from(random.bytes(BEARER_BYTES)).toString('base64url')}`;
      admitted.set(digest(authorization), principal);
      return authorization;
    },
    dismiss: (authorization) => {
      if (admitted.delete(digest(authorization))) tell();
    },
    onDismissal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Who asks without that it says who it is. */
function othersOf(token: string, known: KnownAccounts | undefined): Principal {
  const required = known?.requiredFor ?? (token === '' ? 'none' : 'all');
  return { none: ANYBODY, write: GUEST, all: STRANGER }[required];
}

/** RFC 6750, 2.1. */
function bearerIn(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
