import type { Found } from '@medkit/contract';
import type { SearchRequest } from './search-request.ts';

/** A search candidate, with its texts in lower case. */
export interface SearchCandidate {
  readonly found: Found;
  readonly id: string;
  readonly name: string;
  /** Further text to match: its entity or description. */
  readonly more: string;
}

export function searchCandidate(found: Found, more = ''): SearchCandidate {
  const { id, name, entity } = found;
  const about = entity ? `${entity.id} ${entity.name} ${more}` : more;
  return { found, id: id.toLowerCase(), name: name.toLowerCase(), more: about.toLowerCase() };
}

/** Scores of a match, lower is better. */
const [EXACT, PREFIX, TERM, INSIDE, OTHER] = [0, 1, 2, 3, 4];
const NOWHERE = Number.POSITIVE_INFINITY;

/** Returns the best candidates that match every word, and the number of matches. */
export function rankResults(
  all: Iterable<SearchCandidate>,
  { terms, kinds, limit }: SearchRequest,
): { readonly items: readonly Found[]; readonly total: number } {
  const best: { readonly each: SearchCandidate; readonly score: number }[] = [];
  let total = 0;
  for (const each of all) {
    if (!kinds.has(each.found.kind)) continue;
    const score = scoreOf(each, terms);
    if (score === NOWHERE) continue;
    total++;
    const last = best[limit - 1];
    if (last && !isBetter(score, each, last)) continue;
    let at = best.length;
    while (at > 0 && isBetter(score, each, best[at - 1])) at--;
    best.splice(at, 0, { each, score });
    if (best.length > limit) best.pop();
  }
  return { items: best.map(({ each }) => each.found), total };
}

/** Compares two candidates: at equal scores the shorter one wins, since more of it matched; otherwise the first. */
function isBetter(
  score: number,
  each: SearchCandidate,
  other: { readonly each: SearchCandidate; readonly score: number } | undefined,
) {
  if (!other || score !== other.score) return !other || score < other.score;
  return each.id.length < other.each.id.length;
}

function scoreOf({ id, name, more }: SearchCandidate, terms: readonly string[]): number {
  let score = 0;
  for (const term of terms) {
    const fit = Math.min(fitOf(id, term), fitOf(name, term));
    score += fit < NOWHERE ? fit : more.includes(term) ? OTHER : NOWHERE;
    if (score === NOWHERE) return NOWHERE;
  }
  return score;
}

function fitOf(text: string, term: string): number {
  const at = text.indexOf(term);
  if (at < 0) return NOWHERE;
  // Some ids begin with a slash.
  const begin = text.startsWith('/') ? 1 : 0;
  if (at <= begin) return text.length - begin === term.length - (begin - at) ? EXACT : PREFIX;
  for (let from = at; from >= 0; from = text.indexOf(term, from + 1)) {
    if (isBreak(text.charCodeAt(from - 1))) return TERM;
  }
  return INSIDE;
}

/** Returns whether a character is neither letter nor digit, in lower-case text. */
function isBreak(code: number): boolean {
  return !((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127);
}
