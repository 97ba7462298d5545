import { SovdError } from '@medkit/contract';

export interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
}

/** Octets of a request line; what RFC 9110 asks every server to support at least. */
export const MAX_URL_BYTES = 8192;

/** The error that a client is told, for whatever was thrown. What is no `SovdError` keeps its wording to itself. */
export function publicError(error: unknown): SovdError {
  if (error instanceof SovdError) return error;
  const { code, statusCode } = (error ?? {}) as FrameworkError;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return notJson();
  }
  if (code === 'FST_ERR_BAD_URL') {
    return new SovdError({ code: 'invalid-request', message: 'The path is not percent-encoded as it should be' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new SovdError({ code: 'invalid-request', status: statusCode });
  }
  return new SovdError({ code: 'internal-error', parameters: { details: 'An internal error occurred' } });
}

/** The body of a request is of a media type that its route does not read. */
function notJson(): SovdError {
  const message = 'The body must be JSON: send the header "Content-Type: application/json"';
  return new SovdError({ code: 'invalid-request', status: 415, message });
}

/** No route has this path. */
export function routeNotFound(): SovdError {
  return new SovdError({ code: 'resource-not-found', parameters: { status: 404 } });
}

export function urlTooLong(): SovdError {
  const message = `The address is longer than the ${MAX_URL_BYTES} bytes allowed`;
  return new SovdError({ code: 'invalid-request', status: 414, message });
}
