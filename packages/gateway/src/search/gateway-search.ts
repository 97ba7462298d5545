import type { Search, SearchOptions } from './open-search.ts';

/** The search of a gateway, whose code is loaded with the first one. */
export interface GatewaySearch {
  /** As `Search.search`. */
  search: Search['search'];
  close(): Promise<void>;
}

export function gatewaySearch(options: SearchOptions): GatewaySearch {
  let opening: Promise<Search> | undefined;
  const load = async (): Promise<Search> => (await import('./open-search.ts')).openSearch(options);
  return {
    search: async (...request) => {
      opening ??= load();
      return (await opening).search(...request);
    },
    close: async () => (await opening)?.close(),
  };
}
