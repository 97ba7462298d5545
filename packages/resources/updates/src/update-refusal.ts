import { SovdError } from '@medkit/contract';

/** Why an artifact is refused. */
export type RefusalReason =
  | 'artifact'
  | 'manifest'
  | 'signature'
  | 'digest'
  | 'identity'
  | 'epoch'
  | 'no-room'
  | 'in-use';

/** Creates the error for an update that cannot be prepared because of its artifact. */
export function updateRefusal(reason: RefusalReason, message: string): SovdError {
  return new SovdError({ code: 'x-medkit-update-refused', message, parameters: { reason } });
}
