import { API_BASE, isQueueable, ROUTES, type Route } from '@medkit/contract';

/**
 * Describes the reply of a route in the terms of `packages/base/client`, which follows redirects with a new
 * request.
 */
function gives({ responses }: Route): string {
  const replies = Object.entries(responses).flatMap(([status, reply]) => (Number(status) < 300 ? [reply] : []));
  const media = replies.find((reply) => reply.media !== undefined)?.media;
  if (media !== undefined) return media === 'text/event-stream' ? 'events' : 'file';
  const withBody = replies.filter(({ schema }) => schema !== undefined).length;
  if (withBody === 0) return 'nothing';
  return withBody === replies.length ? 'json' : 'json or nothing';
}

function takes({ body }: Route): string {
  if (body === undefined) return 'nothing';
  if (body.media === 'application/x-tar') return 'bytes';
  if (body.media !== undefined) return 'form';
  return body.required === false ? 'json or nothing' : 'json';
}

function address(family: readonly Route[]) {
  const [first] = family;
  return {
    method: first.method,
    takes: takes(first),
    gives: gives(first),
    ...(isQueueable(first) && { queueable: true }),
    query: first.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    paths: Object.fromEntries(family.map(({ kind = 'server', path }) => [kind, path])),
  };
}

/** Generates the source of the client's table of addresses. */
export function clientAddresses(): string {
  const rows = Object.entries<readonly Route[]>(ROUTES).map(
    ([name, family]) => `  ${name}: ${JSON.stringify(address(family))},`,
  );
  return [
    '// Made from the contract by `npm run docs`. It has the addresses alone, so that a command or a page need not load every',
    '// schema to ask for one of them; types come from the contract itself.',
    `export const API_BASE = '${API_BASE}';`,
    '',
    'export const ADDRESSES = {',
    ...rows,
    '} as const;',
    '',
  ].join('\n');
}
