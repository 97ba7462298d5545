import type { ApiReply } from '@medkit/plugin';

/** Returns why the API refused a request: its message, if it has one. */
export function refusalReason({ status, body }: ApiReply): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body['message'] : undefined;
  return typeof message === 'string' ? message : `The gateway answered with status ${status}`;
}
