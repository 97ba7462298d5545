import { SovdError } from '@medkit/contract';

/** What is wrong with an artifact. */
export type RefusalReason =
  | 'artifact'
  | 'manifest'
  | 'signature'
  | 'digest'
  | 'identity'
  | 'epoch'
  | 'no-room'
  | 'in-use';

/** The error of an update that is not prepared, because something is wrong with it. */
export function refused(reason: RefusalReason, message: string): SovdError {
  return new SovdError({ code: 'x-medkit-update-refused', message, parameters: { reason } });
}
