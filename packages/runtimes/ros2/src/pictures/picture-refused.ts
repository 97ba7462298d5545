import { SovdError } from '@medkit/contract';

/** Returns the error for an image that cannot be shown as a picture. */
export function pictureRefused(message: string, parameters: Readonly<Record<string, unknown>> = {}): SovdError {
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters });
}
