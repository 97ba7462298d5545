/** What accounts refuse to do. The message names the thing and the remedy, and is fit to be shown. */
export class AccountsRefused extends Error {
  override readonly name: string = 'AccountsRefused';
}

/** Somebody has the name already. */
export class NameTaken extends AccountsRefused {
  override readonly name = 'NameTaken';
}

/** A name, or a text that is shown beside it, that nothing can have. */
export class InvalidName extends AccountsRefused {
  override readonly name = 'InvalidName';
}

/** There is no user, key or session of that name. */
export class UnknownName extends AccountsRefused {
  override readonly name = 'UnknownName';
}

/** A role that the configuration cannot mean. */
export class InvalidRole extends AccountsRefused {
  override readonly name = 'InvalidRole';
}

/** There is no such role. */
export class UnknownRole extends AccountsRefused {
  override readonly name = 'UnknownRole';
}

/** There is no such permission. */
export class UnknownPermission extends AccountsRefused {
  override readonly name = 'UnknownPermission';
}

/** More than who makes it may do itself. */
export class BeyondRights extends AccountsRefused {
  override readonly name = 'BeyondRights';
}

/** A password that is soon guessed. */
export class WeakPassword extends AccountsRefused {
  override readonly name = 'WeakPassword';
}

/** A time at which something ends that is none, or has passed. */
export class InvalidExpiry extends AccountsRefused {
  override readonly name = 'InvalidExpiry';
}

/** There are as many as there may be. */
export class TooMany extends AccountsRefused {
  override readonly name = 'TooMany';
}

/** Nobody could keep up the accounts any more. */
export class LastAdmin extends AccountsRefused {
  override readonly name = 'LastAdmin';
}

/** A user of the users file, which is changed there. */
export class DeclaredElsewhere extends AccountsRefused {
  override readonly name = 'DeclaredElsewhere';
}

/** More passwords wait to be compared than may. */
export class TooManyLogins extends AccountsRefused {
  override readonly name = 'TooManyLogins';
}

/** Keys or times of tokens that cannot be meant. */
export class InvalidTokenSettings extends AccountsRefused {
  override readonly name = 'InvalidTokenSettings';
}
