import type { Permission } from '@medkit/contract';
import type { EntityScope } from '@medkit/core';
import type { RobotGrant } from '../grant/grant.ts';

/** A key of a program, without its secret, which is not stored. */
export interface ApiKey {
  /** Id that is part of the key text: `ab12cd34`. */
  readonly id: string;
  /** Purpose of the key. Names need not be unique, for example when a new key replaces an old one. */
  readonly name: string;
  readonly role: string;
  /** Permissions of the key, if fewer than its role grants. */
  readonly permissions?: readonly Permission[];
  /** Principal id of its creator. The key never has a permission that its owner lacks at the time. */
  readonly owner: string;
  readonly createdMs: number;
  /** Absent for a key that never expires. */
  readonly expiresMs?: number;
  /** Accurate to a minute; absent for a key that was never used. */
  readonly lastUsedMs?: number;
  /** Robots of the fleet to which the key is limited, within those of its owner; absent for all of these. */
  readonly grants?: readonly RobotGrant[];
  /** Entities to which the key is limited, within those of its owner; absent for all of these. */
  readonly scopes?: readonly EntityScope[];
}

export interface NewKey {
  readonly name: string;
  readonly role: string;
  readonly permissions?: readonly string[];
  readonly owner: string;
  /** Milliseconds since the epoch (default: in 90 days). */
  readonly expiresMs?: number | 'never';
  readonly grants?: readonly RobotGrant[];
  readonly scopes?: readonly EntityScope[];
}

/** The keys of programs. A change is on disk when its promise resolves. */
export interface Keys {
  /** Lists the keys of one owner, or all keys; oldest first. */
  list(owner?: string): readonly ApiKey[];
  find(id: string): ApiKey | undefined;
  /**
   * Creates a key and returns its text, which is not stored: show it now. Rejects with `InvalidName`, `UnknownRole`,
   * `UnknownPermission`, `BeyondRights`, `InvalidExpiry`, `InvalidGrant`, `InvalidScope`, `TooMany`.
   */
  add(key: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** Removes a key and all keys created with it. Returns false if it does not exist. */
  remove(id: string): Promise<boolean>;
}
