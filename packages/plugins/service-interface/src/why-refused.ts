import type { ApiReply } from '@medkit/plugin';

/** Why the API gave no answer, in its own words where it has some. */
export function whyRefused({ status, body }: ApiReply): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body['message'] : undefined;
  return typeof message === 'string' ? message : `The gateway answers with status ${status}`;
}
