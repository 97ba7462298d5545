import { type ErrorCode, SovdError } from '@medkit/contract';

/** Why a provider cannot read or change a lifecycle. */
export type LifecycleFailure =
  | 'access-denied'
  | 'precondition-failed'
  | 'unsupported'
  | 'entity-not-found'
  | 'transport-error'
  | 'internal';

/** The SOVD error for each failure. Providers can replace the status unless it is fixed. */
const PUBLIC_ERRORS: Readonly<
  Record<LifecycleFailure, { readonly code: ErrorCode; readonly status: number; readonly fixed?: true }>
> = {
  'access-denied': { code: 'insufficient-access-rights', status: 403, fixed: true },
  'precondition-failed': { code: 'precondition-not-fulfilled', status: 409, fixed: true },
  unsupported: { code: 'not-implemented', status: 501, fixed: true },
  'entity-not-found': { code: 'x-medkit-plugin-error', status: 404 },
  'transport-error': { code: 'x-medkit-plugin-error', status: 502 },
  internal: { code: 'x-medkit-plugin-error', status: 500 },
};

/** Maximum length of a provider's message that clients receive, in characters. */
const MAX_MESSAGE_LENGTH = 512;

export interface LifecycleErrorInit {
  readonly failure: LifecycleFailure;
  readonly message: string;
  /** HTTP status for a failure without a fixed status; clamped to 400 to 599. */
  readonly status?: number;
}

/** A failure of a lifecycle provider, with the SOVD error that clients receive. */
export class LifecycleError extends SovdError {
  constructor({ failure, message, status }: LifecycleErrorInit) {
    const { code, ...publicError } = PUBLIC_ERRORS[failure];
    super({
      code,
      message: message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message,
      status: publicError.fixed ? publicError.status : clamped(status ?? publicError.status),
    });
  }
}

function clamped(status: number): number {
  return Math.min(599, Math.max(400, Math.trunc(status) || 500));
}
