import { useSyncExternalStore } from 'react';
import { BASE_PATH } from '../routes/base-path.ts';

/** Of this gateway only: a proxy may serve other gateways at other paths of the same origin. */
const TOKEN = `medkit.token${BASE_PATH}`;
const CLIENT = 'medkit.client';
const NAME_LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

const listeners = new Set<() => void>();

/** What lets this tab in; never part of an address, and gone with the tab. */
export function token(): string {
  return sessionStorage.getItem(TOKEN) ?? '';
}

/** Keeps the token of somebody who has signed in; `undefined` forgets it. */
export function keepToken(text: string | undefined): void {
  if (text === undefined) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, text);
  for (const listener of listeners) listener();
}

/** Hears that somebody has signed in or out. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this tab has a token. */
export function useHasToken(): boolean {
  return useSyncExternalStore(onSession, () => token() !== '');
}

/** The name under which this browser holds locks and stands in the audit log, unless who signed in has one. */
export function clientName(): string {
  const known = localStorage.getItem(CLIENT);
  if (known !== null) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(6))].map((octet) => NAME_LETTERS[octet % 32]).join('');
  localStorage.setItem(CLIENT, `web-${made}`);
  return `web-${made}`;
}

/** What a person calls this browser, as `X-Client-Id` takes it: printable ASCII. */
export function nameClient(name: string): void {
  localStorage.setItem(CLIENT, name.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 64) || 'web');
  for (const listener of listeners) listener();
}
