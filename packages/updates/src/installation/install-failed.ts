import { SovdError } from '@medkit/contract';
import type { InstallFailure, InstallRecord } from './install-record.ts';

/** Something that an update must not stay with. */
export class InstallFailed extends Error {
  override readonly name = 'InstallFailed';
  readonly failure: InstallFailure;

  constructor(failure: InstallFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The error of an update that was undone. */
export function rolledBack({ id, from, failure }: InstallRecord): SovdError {
  const { reason, message, faultCodes } = failure ?? UNTOLD;
  return new SovdError({
    code: 'x-medkit-update-rolled-back',
    message: `${id} was rolled back: ${message}`,
    parameters: { reason, ...(faultCodes && { fault_codes: faultCodes }), in_use: from },
  });
}

const UNTOLD: InstallFailure = { reason: 'interrupted', message: 'the reason was not kept' };
