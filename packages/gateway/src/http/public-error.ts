import type { ServerResponse } from 'node:http';
import { SovdError } from '@medkit/contract';

export interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
}

/** Maximum bytes of a URL; RFC 9110 asks every server to support at least this many. */
export const MAX_URL_BYTES = 8192;

/**
 * Converts an exception to the error for the client. Does not disclose the message of other errors than `SovdError`.
 */
export function publicError(error: unknown): SovdError {
  if (error instanceof SovdError) return error;
  const { code, statusCode } = (error ?? {}) as FrameworkError;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return notJson();
  }
  if (code === 'FST_ERR_BAD_URL') {
    return new SovdError({ code: 'invalid-request', message: 'The path is not valid percent-encoding' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new SovdError({ code: 'invalid-request', status: statusCode });
  }
  return new SovdError({ code: 'internal-error', parameters: { details: 'An internal error occurred' } });
}

/** Error for a body of a media type that the route does not accept. */
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

/** Seconds after which a client repeats a request that a process cannot serve at the moment. */
const RETRY_AFTER_SEC = 5;

/** Answers a request outside of the server of a gateway, and closes its connection. */
export function answerError(response: ServerResponse, error: SovdError): void {
  const body = JSON.stringify(error.body());
  response.writeHead(error.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...(error.status === 503 && { 'Retry-After': RETRY_AFTER_SEC }),
  });
  response.end(body);
}
