import {
  MAX_SEARCH_CHARS,
  MAX_SEARCH_TERMS,
  SEARCH_KINDS,
  SEARCH_LIMIT,
  type SearchKind,
  SovdError,
} from '@medkit/contract';

/** Parameters of a search. */
export interface SearchRequest {
  /** In lower case, at least one. */
  readonly terms: readonly string[];
  readonly kinds: ReadonlySet<SearchKind>;
  readonly limit: number;
}

/** Parses the parameters of a search. Throws `invalid-parameter`. */
export function parseSearchRequest(query: Readonly<Record<string, string | undefined>>): SearchRequest {
  const { q = '', kinds, limit } = query;
  const terms = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (terms.length === 0) throw invalid('q', 'q contains no word', q);
  if (q.length > MAX_SEARCH_CHARS || terms.length > MAX_SEARCH_TERMS) {
    const most = `${MAX_SEARCH_TERMS} words and ${MAX_SEARCH_CHARS} characters`;
    throw invalid('q', `q must have at most ${most}`, q.slice(0, MAX_SEARCH_CHARS));
  }
  return { terms, kinds: kindsOf(kinds), limit: limitOf(limit) };
}

function kindsOf(text: string | undefined): ReadonlySet<SearchKind> {
  const named = (text ?? '').split(',').map((word) => word.trim());
  const wanted = new Set(named.filter(Boolean));
  const kinds = SEARCH_KINDS.filter((kind) => wanted.delete(kind));
  const [unknown] = wanted;
  if (unknown !== undefined) throw invalid('kinds', `kinds must be from ${SEARCH_KINDS.join(', ')}`, unknown);
  return new Set(kinds.length > 0 ? kinds : SEARCH_KINDS);
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return SEARCH_LIMIT.usual;
  const { min, max } = SEARCH_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= min && limit <= max) return limit;
  throw invalid('limit', `limit must be a whole number from ${min} to ${max}`, text);
}

function invalid(parameter: string, message: string, value: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, value } });
}
