/** Filters in the address, with their parameters of the list. `sort` of an address belongs to sorted tables. */
const PARAMETERS = {
  state: 'state',
  severity: 'severity',
  site: 'site',
  version: 'version',
  q: 'q',
  order: 'sort',
} as const;
/** Maximum length of a filter that the hub accepts. */
const MAX_LENGTH = 128;

/** Returns the query of the list for an address. The hub refuses unknown values, and names the valid ones. */
export function issueQuery(search: URLSearchParams): Readonly<Record<string, string>> {
  const entries = Object.entries(PARAMETERS).map(([name, parameter]) => [parameter, (search.get(name) ?? '').trim()]);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value.slice(0, MAX_LENGTH)]] : [])));
}

/** Returns whether a query has a filter; an order is none. */
export const isFiltered = (query: Readonly<Record<string, string>>): boolean =>
  Object.keys(query).some((name) => name !== 'sort');
