import type { WireError } from './wire-error.ts';

/** What crosses a link, in either direction. */
export type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  /** Nobody waits for the answer to that call any more. */
  | { readonly kind: 'abort'; readonly id: number }
  /** Nothing is answered. */
  | { readonly kind: 'notice'; readonly name: string; readonly args: readonly unknown[] };

/** Messages that may cross as one; what is more goes with the next. */
export const MAX_GATHERED = 16_384;

/** What was received as messages; `undefined` where it is none, since a foreign program may have sent it. */
export function messagesOf(received: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(received)) return [received];
  return received.length > 0 && received.length <= MAX_GATHERED ? received : undefined;
}

export function isMessage(received: unknown): received is Message {
  if (typeof received !== 'object' || received === null) return false;
  const { kind, id, name, args, error } = received as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'call':
      return typeof id === 'number' && typeof name === 'string' && Array.isArray(args);
    case 'answer':
    case 'abort':
      return typeof id === 'number';
    case 'failure':
      return typeof id === 'number' && typeof error === 'object' && error !== null;
    case 'notice':
      return typeof name === 'string' && Array.isArray(args);
    default:
      return false;
  }
}
