import { SovdError } from '@medkit/contract';
import type { InstallFailure, InstallRecord } from './install-record.ts';

/** A failure that requires the update to be rolled back. */
export class InstallFailed extends Error {
  override readonly name = 'InstallFailed';
  readonly failure: InstallFailure;

  constructor(failure: InstallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Creates the error for an update that was rolled back. */
export function rolledBack({ id, from, failure }: InstallRecord): SovdError {
  const { reason, message, faultCodes } = failure ?? UNKNOWN_FAILURE;
  return new SovdError({
    code: 'x-medkit-update-rolled-back',
    message: `${id} was rolled back: ${message}`,
    parameters: { reason, ...(faultCodes && { fault_codes: faultCodes }), in_use: from },
  });
}

/** Creates the error for the confirmation of an update that was rolled back before. */
export function confirmedLate({ id, from, failure }: InstallRecord): SovdError {
  const { reason, message } = failure ?? UNKNOWN_FAILURE;
  return new SovdError({
    code: 'x-medkit-confirm-late',
    message: `${id} cannot be confirmed: ${message}, and it was rolled back`,
    parameters: { reason, in_use: from },
  });
}

/** Creates the error for the confirmation of an update that waits for none. */
export function notConfirmable(id: string, stage?: InstallRecord['stage']): SovdError {
  const message =
    stage === undefined
      ? `${id} waits for no confirmation: only an update that was executed with confirm_within_sec does`
      : `${id} cannot be confirmed yet, because it is ${stage}: confirm it when its status has confirm_remaining_sec`;
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { ...(stage && { stage }) } });
}

/** Creates the error for a failed update that could not be rolled back and is still in use. */
export function notRolledBack({ id, to, failure }: InstallRecord, cause: string): SovdError {
  const { reason, message } = failure ?? UNKNOWN_FAILURE;
  return new SovdError({
    code: 'internal-error',
    message: `${id} could not be rolled back: ${cause}. The update had failed: ${message}. The rollback is retried with the next task`,
    parameters: { reason, in_use: to },
  });
}

const UNKNOWN_FAILURE: InstallFailure = { reason: 'interrupted', message: 'the reason was not stored' };
