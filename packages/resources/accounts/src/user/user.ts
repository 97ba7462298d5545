import type { Refusal } from '../credential/refusal.ts';

/** A person who may come in. */
export interface User {
  /** 1 to 64 of `a-z 0-9 . _ -`, a letter or digit first. */
  readonly name: string;
  readonly role: string;
  /** The password has to be changed before anything else. */
  readonly mustChange: boolean;
  readonly disabled: boolean;
  /** Of the users file, where it is changed. */
  readonly declared: boolean;
  readonly createdMs: number;
  readonly changedMs: number;
}

export interface NewUser {
  readonly name: string;
  readonly role: string;
  readonly password: string;
  readonly mustChange?: boolean;
}

/** What becomes different; what is absent stays. */
export interface UserChange {
  readonly role?: string;
  readonly password?: string;
  readonly disabled?: boolean;
  /** A new password is no longer to be changed unless this says so. */
  readonly mustChange?: boolean;
  /** Removes all keys of the user, and those made with them. */
  readonly endKeys?: boolean;
}

/** A user of `auth.users_file`. */
export interface DeclaredUser {
  readonly name: string;
  readonly role: string;
  /** As `medkit auth hash` makes it: a PHC string of argon2id. */
  readonly hash: string;
  readonly disabled?: boolean;
}

/** The people who may come in. What is changed is on disk when it resolves. */
export interface Users {
  /** By name. */
  list(): readonly User[];
  find(name: string): User | undefined;
  /** Rejects with `InvalidName`, `NameTaken`, `UnknownRole`, `WeakPassword`, `TooMany`. */
  add(user: NewUser): Promise<User>;
  /**
   * Ends the user's sessions and tokens where the password, the role or whether it is disabled becomes another, but for the
   * session `keep`. Rejects with `UnknownName`, `DeclaredElsewhere`, `UnknownRole`, `WeakPassword`, `LastAdmin`.
   */
  change(name: string, change: UserChange, keep?: string): Promise<User>;
  /** With its sessions, tokens and keys. Rejects with `UnknownName`, `DeclaredElsewhere`, `LastAdmin`. */
  remove(name: string): Promise<void>;
  /**
   * Who has this name and password. A wrong name takes as long as a wrong password. Rejects with `TooManyLogins` where too
   * many wait, or too many of `asker`: an address or a known device.
   */
  verify(name: string, password: string, asker?: string): Promise<User | Refusal>;
}
