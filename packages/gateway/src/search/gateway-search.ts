import type { SearchResult } from '@medkit/contract';
import type { CallContext } from '@medkit/core';
import type { Search, SearchOptions } from './open-search.ts';

/** The search of a gateway, whose code is loaded with the first one. */
export interface GatewaySearch {
  /** As `Search.search`. */
  search(query: Readonly<Record<string, string | undefined>>, call: CallContext): Promise<SearchResult>;
  close(): Promise<void>;
}

export function gatewaySearch(options: SearchOptions): GatewaySearch {
  let opening: Promise<Search> | undefined;
  const load = async (): Promise<Search> => (await import('./open-search.ts')).openSearch(options);
  return {
    search: async (query, call) => {
      opening ??= load();
      return (await opening).search(query, call);
    },
    close: async () => (await opening)?.close(),
  };
}
