import type { Permission } from '@medkit/contract';

/** What a program identifies itself with, without the secret, which nobody knows any more. */
export interface ApiKey {
  /** Stands in the key itself and tells it from others: `ab12cd34`. */
  readonly id: string;
  /** What it is for, in words. Several may have one name, as when a new one takes the place of an old one. */
  readonly name: string;
  readonly role: string;
  /** All that it is for, where that is less than its role allows. */
  readonly permissions?: readonly Permission[];
  /** Who made it, by the id of a principal. It never may do more than its owner may at the time. */
  readonly owner: string;
  readonly createdMs: number;
  /** Absent for one that never ends. */
  readonly expiresMs?: number;
  /** To a minute; absent for one that was never used. */
  readonly lastUsedMs?: number;
}

export interface NewKey {
  readonly name: string;
  readonly role: string;
  readonly permissions?: readonly string[];
  readonly owner: string;
  /** Milliseconds since the epoch (default: in 90 days). */
  readonly expiresMs?: number | 'never';
}

/** The keys of programs. What is changed is on disk when it resolves. */
export interface Keys {
  /** Those of one owner, or all; the oldest first. */
  list(owner?: string): readonly ApiKey[];
  find(id: string): ApiKey | undefined;
  /**
   * The text is to be shown now: it is not kept. Rejects with `InvalidName`, `UnknownRole`, `UnknownPermission`,
   * `BeyondRights`, `InvalidExpiry`, `TooMany`.
   */
  add(key: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** With those that it has made. False where there is none. */
  remove(id: string): Promise<boolean>;
}
