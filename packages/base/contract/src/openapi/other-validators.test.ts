import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { type OpenApiDocument, openApiDocument } from './document.ts';
import { routesOfDataItem, routesOfEntity, routesOfResource } from './scoped.ts';

/** The parts of the validators that this test uses. The type declarations of the two packages are not compatible. */
interface Validators {
  readonly createConfig: (config: object) => Promise<object>;
  readonly lintFromString: (
    input: object,
  ) => Promise<readonly { ruleId: string; message: string; location: unknown }[]>;
  readonly Spectral: new () => {
    setRuleset(ruleset: object): void;
    run(document: object): Promise<readonly { code: string | number; message: string; path: unknown }[]>;
  };
  readonly oas: object;
}

const require = createRequire(import.meta.url);
const { createConfig, lintFromString, Spectral, oas } = {
  ...require('@redocly/openapi-core'),
  ...require('@stoplight/spectral-core'),
  ...require('@stoplight/spectral-rulesets'),
} as Validators;

/**
 * Documents that a client can request: all routes, the routes of one entity, and the routes of one topic with its
 * message schema.
 */
const battery = { id: '/battery', name: '/battery', category: 'currentData' };
const SCOPES = {
  'of all routes': {},
  'of one app': { routes: routesOfEntity('app', 'lidar') },
  'of one topic': { routes: routesOfDataItem(routesOfResource('app', 'lidar', 'data'), battery) },
};

/** Spectral rules that take a minute on these documents; Redocly checks the same. */
const CHECKED_BY_REDOCLY = { 'oas3-valid-media-example': 'off', 'oas3-valid-schema-example': 'off' };

/** The login at an identity provider only redirects. A test below checks that each operation has a reply of success. */
const ACCEPTS_REDIRECTS = { 'operation-2xx-response': 'off' };

const SERVER = 'http://robot-01:8080/api/v1';

for (const tokenNeeded of [false, true]) {
  describe(`the OpenAPI document ${tokenNeeded ? 'with' : 'without'} accounts`, () => {
    for (const [scope, options] of Object.entries(SCOPES)) {
      it(`${scope} has no error and no warning of Redocly: every example fits its schema`, async () => {
        const document = openApiDocument({ ...options, tokenNeeded, serverUrl: SERVER });
        assert.deepEqual(await problemsOfRedocly(document), []);
      });
    }

    it('of all routes has no error and no warning of Spectral', async () => {
      const spectral = new Spectral();
      spectral.setRuleset({ extends: [oas], rules: CHECKED_BY_REDOCLY });
      const document = openApiDocument({ tokenNeeded, serverUrl: SERVER });
      const found = await spectral.run(JSON.parse(JSON.stringify(document)));
      assert.deepEqual(
        found.map(({ code, message, path }) => ({ code, message, path })),
        [],
      );
    });
  });
}

it('each operation describes a reply with 2xx, or a redirect', () => {
  const { paths } = JSON.parse(JSON.stringify(openApiDocument({ serverUrl: SERVER }))) as {
    paths: Record<string, Record<string, { operationId?: string; responses?: object }>>;
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path).filter((each) => each.operationId));
  const without = operations.filter(({ responses = {} }) => !Object.keys(responses).some((code) => /^[23]/.test(code)));
  assert.ok(operations.length > 100);
  assert.deepEqual(without, []);
});

it('an example that does not fit its schema is found', async () => {
  const [first, ...others] = routesOfResource('app', 'lidar', 'data-categories');
  assert.ok(first);
  const wrong = { ...first, responses: { 200: { ...first.responses[200]!, example: { items: 'none' } } } };
  const found = await problemsOfRedocly(openApiDocument({ routes: [wrong, ...others], serverUrl: SERVER }));
  assert.match(found.join('\n'), /no-invalid-media-type-examples/);
});

async function problemsOfRedocly(document: OpenApiDocument): Promise<readonly string[]> {
  const config = await createConfig({ extends: ['recommended'], rules: ACCEPTS_REDIRECTS });
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${JSON.stringify(location)}`);
}
