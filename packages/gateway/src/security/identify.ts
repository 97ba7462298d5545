import { createHash } from 'node:crypto';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import type { Random } from '@medkit/edges';
import { tokenCheck } from './token.ts';

/** Gives who sent a request, of its `Authorization` header: the same object for each request of one principal. */
export type Identify = (authorization: string | undefined) => Principal;

/** Who can be told apart, and by what. */
export interface Principals {
  readonly identify: Identify;
  /** Lets a principal in until this process ends; gives the header by which it is known. */
  admit(principal: Principal): string;
  /** It is a stranger from now on. */
  dismiss(authorization: string): void;
  /** Calls `listener` whenever somebody was dismissed, who may have something open; gives a way to stop. */
  onDismissal(listener: () => void): () => void;
}

/** Whoever asks a gateway that wants no token: all may do everything. */
const ANYBODY: Principal = {
  id: 'anonymous',
  kind: 'anonymous',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
};
/** Who should have said who it is, and did not or did wrongly. */
const STRANGER: Principal = { id: 'anonymous', kind: 'anonymous', role: '', permissions: new Set(), scopes: [] };
const TOKEN: Principal = { id: 'server.token', kind: 'token', role: 'admin', permissions: ALL_PERMISSIONS, scopes: [] };

const BEARER_BYTES = 32;

/** Tells principals apart by the server's token, or by what they were admitted with. All others are one where there is no token. */
export function openPrincipals(token: string, random: Random): Principals {
  const isToken = token === '' ? () => false : tokenCheck(token);
  const others = token === '' ? ANYBODY : STRANGER;
  /** By digests, so that how long a look takes tells nothing of the header. */
  const admitted = new Map<string, Principal>();
  const listeners = new Set<() => void>();
  return {
    identify: (authorization) => {
      if (authorization === undefined) return others;
      if (isToken(authorization)) return TOKEN;
      return admitted.get(digest(authorization)) ?? others;
    },
    admit: (principal) => {
      const authorization = `Bearer ${Buffer.from(random.bytes(BEARER_BYTES)).toString('base64url')}`;
      admitted.set(digest(authorization), principal);
      return authorization;
    },
    dismiss: (authorization) => {
      if (!admitted.delete(digest(authorization))) return;
      for (const listener of listeners) listener();
    },
    onDismissal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
