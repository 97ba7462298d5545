import * as accounts from '@medkit/accounts';
import { type ErrorCode, SovdError } from '@medkit/contract';
import { stored } from '../database/store-errors.ts';
import { tooManyLogins } from './log-in.ts';

/** Error codes for errors of accounts. */
const CODES: readonly (readonly [new (message: string) => accounts.AccountsRefused, ErrorCode])[] = [
  [accounts.UnknownName, 'resource-not-found'],
  [accounts.BeyondRights, 'insufficient-access-rights'],
  [accounts.NameTaken, 'precondition-not-fulfilled'],
  [accounts.LastAdmin, 'precondition-not-fulfilled'],
  [accounts.DefinedInUsersFile, 'precondition-not-fulfilled'],
  [accounts.TooMany, 'precondition-not-fulfilled'],
];

/** Returns the result of `work`; converts errors of accounts or their database to errors for the client. */
export async function withAccountErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await stored(work);
  } catch (error) {
    if (error instanceof accounts.TooManyLogins) throw tooManyLogins(1000);
    if (!(error instanceof accounts.AccountsRefused)) throw error;
    const code = CODES.find(([kind]) => error instanceof kind)?.[1] ?? 'invalid-parameter';
    throw new SovdError({ code, message: error.message });
  }
}
