import type { EntityKind } from '@medkit/contract';

/**
 * Path of every page. It equals the API path of the same resource without `/api/v1`, if there is one. `{kind}` stands
 * for `areas`, `components`, `apps` and `functions`.
 */
export const PAGES = {
  home: '/',
  incidents: '/incidents',
  incident: '/incidents/{id}',
  faults: '/faults',
  fault: '/{kind}/{id}/faults/{code}',
  entity: '/{kind}/{id}',
  'entity.data': '/{kind}/{id}/data',
  'entity.item': '/{kind}/{id}/data/{item}',
  'entity.operations': '/{kind}/{id}/operations',
  'entity.operation': '/{kind}/{id}/operations/{operation}',
  'entity.configurations': '/{kind}/{id}/configurations',
  'entity.faults': '/{kind}/{id}/faults',
  'entity.logs': '/{kind}/{id}/logs',
  'entity.status': '/{kind}/{id}/status',
  'entity.locks': '/{kind}/{id}/locks',
  'entity.findings': '/{kind}/{id}/findings',
  scripts: '/scripts',
  script: '/{kind}/{id}/scripts/{script}',
  updates: '/updates',
  update: '/updates/{id}',
  triggers: '/triggers',
  'triggers.new': '/triggers/new',
  trigger: '/{kind}/{id}/triggers/{trigger}',
  plot: '/plot',
  graph: '/graph',
  'graph.entity': '/graph/{kind}/{id}',
  recordings: '/recordings',
  alarms: '/alarms',
  locks: '/locks',
  executions: '/executions',
  logs: '/logs',
  audit: '/audit',
  notifications: '/notifications',
  peers: '/peers',
  fleet: '/fleet',
  'fleet.robot': '/robots/{robot}',
  issues: '/issues',
  issue: '/issues/{issue}',
  campaigns: '/campaigns',
  campaign: '/campaigns/{campaign}',
  queue: '/queue',
  evidence: '/evidence',
  users: '/users',
  doctor: '/doctor',
  find: '/find',
  'gateway-settings': '/gateway-settings',
  settings: '/settings',
  'sign-in': '/sign-in',
} as const;
export type PageName = keyof typeof PAGES;

type Names<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
/** The path parameters of a page; `kind` is an entity kind. */
export type ParametersOf<N extends PageName> = {
  readonly [Name in Names<(typeof PAGES)[N]>]: Name extends 'kind' ? EntityKind : string;
};

/** A page with its path parameters. */
export type PlaceOf<N extends PageName> = { readonly page: N; readonly parameters: ParametersOf<N> };
export type Place = { [N in PageName]: PlaceOf<N> }[PageName];

export const KIND_OF_COLLECTION: Readonly<Record<string, EntityKind>> = {
  areas: 'area',
  components: 'component',
  apps: 'app',
  functions: 'function',
};
const COLLECTION_OF_KIND: Readonly<Record<EntityKind, string>> = {
  area: 'areas',
  component: 'components',
  app: 'apps',
  function: 'functions',
};

const PATTERNS = Object.entries(PAGES).map(([page, pattern]) => ({
  page: page as PageName,
  parts: pattern.split('/').slice(1),
}));

/** Returns the page at a path, or `undefined` if there is none. */
export function placeAt(path: string): Place | undefined {
  const parts = path.split('/').slice(1);
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  for (const { page, parts: pattern } of PATTERNS) {
    if (pattern.length !== parts.length) continue;
    const parameters = parametersAt(pattern, parts);
    if (parameters) return { page, parameters } as unknown as Place;
  }
  return undefined;
}

function parametersAt(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const part = decoded(parts[at] ?? '');
    if (part === undefined) return undefined;
    if (!wanted.startsWith('{')) {
      if (part !== wanted) return undefined;
      continue;
    }
    const value = wanted === '{kind}' ? kindOf(part) : part;
    if (!value) return undefined;
    parameters[wanted.slice(1, -1)] = value;
  }
  return parameters;
}

function kindOf(collection: string): EntityKind | undefined {
  return Object.hasOwn(KIND_OF_COLLECTION, collection) ? KIND_OF_COLLECTION[collection] : undefined;
}

/** The user may type a malformed URL. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Query parameters; `undefined` values are left out. */
export type Search = Readonly<Record<string, string | number | undefined>>;

/** Returns the address of a page. */
export function addressOf<N extends PageName>(page: N, parameters: ParametersOf<N>, search: Search = {}): string {
  const path = PAGES[page].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = (parameters as Readonly<Record<string, string>>)[name] ?? '';
    // `encodeURIComponent` throws on lone surrogates; a name that contains one leads to a page that reports it as not
    // found.
    return name === 'kind' ? COLLECTION_OF_KIND[value as EntityKind] : encodeURIComponent(value.toWellFormed());
  });
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query === '' ? path : `${path}?${query}`;
}

/**
 * Returns the page for an API path, such as the `href` of an item, or `undefined` if there is none. Paths come from
 * gateways and manifests; any path outside this API is rejected.
 */
export function pageOfHref(href: string): string | undefined {
  const path = /^\/api\/v1(\/[^/\\?#][^\\?#]*)$/.exec(href)?.[1];
  return path !== undefined && placeAt(path) !== undefined ? path : undefined;
}
