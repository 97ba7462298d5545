import { ALL_ROUTES, type Route, SovdError } from '@medkit/contract';
import { nearestName } from '@medkit/documents';

/**
 * Parameters that every GET accepts: the ticket of an event stream, and the value that web pages add to bypass caches.
 */
const COMMON: readonly string[] = ['ticket', '_'];

/**
 * Clients of ros2_medkit send these to every list of faults; those of one entity count muted faults and clusters in any
 * case.
 */
const OF_FAULTS: readonly string[] = ['include_muted', 'include_clusters'];

/** Routes of plugins are excluded: they may read parameters that they do not declare. */
const OF_CONTRACT: ReadonlySet<Route> = new Set(ALL_ROUTES);

/** Maximum length of a parameter name in an error. */
const MAX_NAME_LENGTH = 100;

/**
 * Returns a check of query parameter names for a route that lists or filters, so that an unknown filter is not silently
 * ignored. Returns `undefined` for other routes: their result does not depend on a filter.
 */
export function queryCheck(route: Route) {
  const { method, path, operationId, parameters, responses } = route;
  const declared = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const isStream = Object.values(responses).some(({ media }) => media === 'text/event-stream');
  if (
    !OF_CONTRACT.has(route) ||
    method !== 'get' ||
    isStream ||
    !(operationId.startsWith('list') || declared.length > 0)
  )
    return undefined;
  const known = new Set([...declared, ...COMMON, ...(path.endsWith('/faults') ? OF_FAULTS : [])]);
  return (query: Readonly<Record<string, unknown>>): void => {
    for (const name in query) if (!known.has(name)) throw unknownParameter(name, declared);
  };
}

function unknownParameter(name: string, declared: readonly string[]): SovdError {
  const truncated = name.slice(0, MAX_NAME_LENGTH);
  const nearest = nearestName(truncated, declared);
  const allowed = declared.length === 0 ? 'it has no query parameters' : `supported are ${declared.join(', ')}`;
  return new SovdError({
    code: 'invalid-parameter',
    message: `This route has no query parameter "${truncated}": ${allowed}`,
    parameters: { parameter: truncated, ...(nearest !== undefined && { did_you_mean: nearest }) },
  });
}
