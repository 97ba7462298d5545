/**
 * Base class of rejected operations on accounts. The message names the subject and the remedy, and may be shown to
 * users.
 */
export class AccountsRefused extends Error {
  override readonly name: string = 'AccountsRefused';
}

/** The name is already in use. */
export class NameTaken extends AccountsRefused {
  override readonly name = 'NameTaken';
}

/** The name, or a text shown with it, is invalid. */
export class InvalidName extends AccountsRefused {
  override readonly name = 'InvalidName';
}

/** No user, key or session has this name. */
export class UnknownName extends AccountsRefused {
  override readonly name = 'UnknownName';
}

/** The role definition in the configuration is invalid. */
export class InvalidRole extends AccountsRefused {
  override readonly name = 'InvalidRole';
}

/** The role does not exist. */
export class UnknownRole extends AccountsRefused {
  override readonly name = 'UnknownRole';
}

/** The permission does not exist. */
export class UnknownPermission extends AccountsRefused {
  override readonly name = 'UnknownPermission';
}

/** The requested permissions exceed those of the creator. */
export class BeyondRights extends AccountsRefused {
  override readonly name = 'BeyondRights';
}

/** The password is easy to guess. */
export class WeakPassword extends AccountsRefused {
  override readonly name = 'WeakPassword';
}

/** The expiry is no valid time, or has passed. */
export class InvalidExpiry extends AccountsRefused {
  override readonly name = 'InvalidExpiry';
}

/** A limit is reached. */
export class TooMany extends AccountsRefused {
  override readonly name = 'TooMany';
}

/** The change would leave no user who can manage accounts. */
export class LastAdmin extends AccountsRefused {
  override readonly name = 'LastAdmin';
}

/** A grant has neither site nor group, is given twice, or there are too many. */
export class InvalidGrant extends AccountsRefused {
  override readonly name = 'InvalidGrant';
}

/** A scope names no entities, permits nothing, or there are too many. */
export class InvalidScope extends AccountsRefused {
  override readonly name = 'InvalidScope';
}

/** The user is defined in the users file and can only be changed there. */
export class DefinedInUsersFile extends AccountsRefused {
  override readonly name = 'DefinedInUsersFile';
}

/** Too many password comparisons are waiting. */
export class TooManyLogins extends AccountsRefused {
  override readonly name = 'TooManyLogins';
}

/** The signing keys or lifetimes of tokens are invalid. */
export class InvalidTokenSettings extends AccountsRefused {
  override readonly name = 'InvalidTokenSettings';
}
