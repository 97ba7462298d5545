import type { RequestSender } from './identity.ts';

/** Returns the ticket in the URL of an event stream request, and the path for which it must have been issued. */
export function ticketIn({ method, url }: RequestSender): { readonly text: string; readonly path: string } | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  if (method !== 'GET' || !query.includes('ticket=')) return undefined;
  const text = new URLSearchParams(query).get('ticket');
  return text === null ? undefined : { text, path };
}
