import { SovdError } from '../errors/sovd-error.ts';
import { API_BASE, type Route, SOVD_VERSION } from '../routes/route.ts';
import { ALL_ROUTES } from '../routes/routes.ts';
import { TAGS } from '../routes/tags.ts';
import { GenericError } from '../schemas/generic-error.ts';
import { VERSION } from '../version.ts';
import { type Operation, operationOf } from './operation.ts';
import { type JsonSchema, SchemaComponents } from './schema-components.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, unknown>>;
    readonly securitySchemes?: Readonly<Record<string, unknown>>;
  };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface DocumentOptions {
  /** Default: all routes of the contract. */
  readonly routes?: readonly Route[];
  /** Address of the API as clients reach it. */
  readonly serverUrl?: string;
  /** True if requests need a bearer token. */
  readonly tokenNeeded?: boolean;
  /** Subject of a scoped document, appended to the title. */
  readonly titleSuffix?: string;
}

const DESCRIPTION =
  'SOVD (ISO 17978-3) for robots: areas, components, apps and functions of a running robot, and their data, over REST.';

const EXAMPLE_ERROR = new SovdError({ code: 'entity-not-found', parameters: { entity_id: 'nobody' } });

/** Returns the OpenAPI 3.1 document of the given routes. Publishes only the schemas that those routes reference. */
export function openApiDocument({
  routes = ALL_ROUTES,
  serverUrl = `http://localhost:8080${API_BASE}`,
  tokenNeeded = false,
  titleSuffix,
}: DocumentOptions = {}): OpenApiDocument {
  const schemas = new SchemaComponents();
  const error = schemas.publish(GenericError);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method] = operationOf(route, schemas, tokenNeeded);
  }
  const usedTags = new Set<string>(routes.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: titleSuffix ? `medkit - ${titleSuffix}` : 'medkit',
      version: VERSION,
      description: DESCRIPTION,
      contact: { name: 'The maintainers of medkit' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      'x-sovd-version': SOVD_VERSION,
    },
    servers: [{ url: serverUrl, description: 'Gateway server' }],
    tags: Object.entries(TAGS)
      .filter(([name]) => usedTags.has(name))
      .map(([name, { description }]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.all(),
      responses: {
        GenericError: {
          description: 'An error',
          content: { 'application/json': { schema: error, example: EXAMPLE_ERROR.body() } },
        },
      },
      ...(tokenNeeded && { securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } } }),
    },
    // An empty list declares that no operation needs a credential. Without it, the document would leave that open.
    security: tokenNeeded ? [{ bearerAuth: [] }] : [],
  };
}
