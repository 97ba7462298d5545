import type { EntityScope } from '@medkit/core';
import type { Refusal } from '../credential/refusal.ts';
import type { RobotGrant } from '../grant/grant.ts';

/** A person who can log in. */
export interface User {
  /** 1 to 64 of `a-z 0-9 . _ -`, a letter or digit first. */
  readonly name: string;
  readonly role: string;
  /** The user must change the password before anything else. */
  readonly mustChange: boolean;
  readonly disabled: boolean;
  /** Defined in the users file, where it must be changed. */
  readonly declared: boolean;
  readonly createdMs: number;
  readonly changedMs: number;
  /** Robots of the fleet to which the user is limited; absent for the whole fleet. */
  readonly grants?: readonly RobotGrant[];
  /** Entities to which the user is limited; absent for all entities. */
  readonly scopes?: readonly EntityScope[];
}

export interface NewUser {
  readonly name: string;
  readonly role: string;
  readonly password: string;
  readonly mustChange?: boolean;
  readonly grants?: readonly RobotGrant[];
  readonly scopes?: readonly EntityScope[];
}

/** A change of a user; absent members stay unchanged. */
export interface UserChange {
  readonly role?: string;
  readonly password?: string;
  readonly disabled?: boolean;
  /** Default with a new password: false. */
  readonly mustChange?: boolean;
  /** Removes all keys of the user, and keys created with them. */
  readonly endKeys?: boolean;
  /** Replaces the grants; an empty list removes the limit. A user of the users file can have grants, too. */
  readonly grants?: readonly RobotGrant[];
  /** Replaces the scopes, in the same way. */
  readonly scopes?: readonly EntityScope[];
}

/** A user of `auth.users_file`. */
export interface DeclaredUser {
  readonly name: string;
  readonly role: string;
  /** Output of `medkit auth hash`: a PHC string of argon2id. */
  readonly hash: string;
  readonly disabled?: boolean;
}

/** The people who can log in. A change is on disk when its promise resolves. */
export interface Users {
  /** Sorted by name. */
  list(): readonly User[];
  find(name: string): User | undefined;
  /** Rejects with `InvalidName`, `NameTaken`, `UnknownRole`, `WeakPassword`, `InvalidGrant`, `InvalidScope`, `TooMany`. */
  add(user: NewUser): Promise<User>;
  /**
   * Changes a user. If the password, role or disabled state changes, ends the user's sessions and tokens, except the
   * session `keep`. Rejects with `UnknownName`, `DefinedInUsersFile`, `UnknownRole`, `WeakPassword`,
   * `InvalidGrant`, `InvalidScope`, `LastAdmin`.
   */
  change(name: string, change: UserChange, keep?: string): Promise<User>;
  /**
   * Removes a user with all sessions, tokens and keys. Rejects with `UnknownName`, `DefinedInUsersFile`, `LastAdmin`.
   */
  remove(name: string): Promise<void>;
  /**
   * Checks name and password. A wrong name takes as long as a wrong password. Rejects with `TooManyLogins` if too many
   * comparisons wait, or too many of `asker`: an address or a known device.
   */
  verify(name: string, password: string, asker?: string): Promise<User | Refusal>;
}
