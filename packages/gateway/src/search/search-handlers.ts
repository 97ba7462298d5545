import type { Handlers } from '../http/exchange.ts';
import type { GatewaySearch } from './gateway-search.ts';

/** The handler of searches. */
export function searchHandlers(search: Pick<GatewaySearch, 'search'>): Pick<Handlers, 'search'> {
  return { search: ({ query, call }) => search.search(query, call()) };
}
