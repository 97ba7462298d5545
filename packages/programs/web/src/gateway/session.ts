import { useSyncExternalStore } from 'react';
import { ACCOUNT_PATH } from '../routes/base-path.ts';

/** The key includes the base path, because a proxy may serve other gateways at other paths of the same origin. */
const TOKEN = `medkit.token${ACCOUNT_PATH}`;
const CLIENT = 'medkit.client';
const NAME_LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

const listeners = new Set<() => void>();

/** Returns the token of this tab. It is never part of a URL and is discarded with the tab. */
export function token(): string {
  return sessionStorage.getItem(TOKEN) ?? '';
}

/** Stores the token after a sign-in; `undefined` removes it. */
export function keepToken(text: string | undefined): void {
  if (text === undefined) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, text);
  for (const listener of listeners) listener();
}

/** Calls the listener when the user signs in or out. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns whether this tab has a token. */
export function useHasToken(): boolean {
  return useSyncExternalStore(onSession, () => token() !== '');
}

/** Returns the client name of this browser for locks and the audit log, used unless the principal has a name. */
export function clientName(): string {
  const known = localStorage.getItem(CLIENT);
  if (known !== null) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(6))].map((octet) => NAME_LETTERS[octet % 32]).join('');
  localStorage.setItem(CLIENT, `web-${made}`);
  return `web-${made}`;
}

/** Sets the client name, reduced to what `X-Client-Id` allows: printable ASCII. */
export function nameClient(name: string): void {
  localStorage.setItem(CLIENT, name.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 64) || 'web');
  for (const listener of listeners) listener();
}
