import type { Asking } from './identity.ts';

/** The ticket that a request for an event stream has in its address, and the path that it was got for. */
export function ticketIn({ method, url }: Asking): { readonly text: string; readonly path: string } | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  if (method !== 'GET' || !query.includes('ticket=')) return undefined;
  const text = new URLSearchParams(query).get('ticket');
  return text === null ? undefined : { text, path };
}
