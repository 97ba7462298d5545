import { type Failure, failuresOf } from '../routes/errors.ts';
import { PERMISSIONS } from '../routes/permissions.ts';
import type { Route } from '../routes/route.ts';
import { ALL_ROUTES, ROUTES } from '../routes/routes.ts';
import { TAGS, type TagEntry } from '../routes/tags.ts';
import { groupsOf, routeSection } from './route-markdown.ts';

const INTRODUCTION = [
  '# API',
  '',
  '<!-- Made from packages/base/contract/src/routes by `npm run docs`. -->',
  '',
  'Every route of the gateway, from the contract that the gateway itself is checked against. A running gateway serves the same as',
  'OpenAPI 3.1 at `/api/v1/docs`, with the routes of its plugins, and scoped to an entity at `/api/v1/apps/{app_id}/docs`; `/docs` shows',
  'it in a browser, where every route can be tried out.',
  '',
  '- Bodies are JSON unless said otherwise, and `Content-Type: application/json` has to say so.',
  '- Ids of entities have 1 to 256 of the characters `A-Z a-z 0-9 _ -`. Kinds are those of the [entity tree](concepts.md#the-entity-tree).',
  '- With `server.token` set, every request carries `Authorization: Bearer <token>`, else the answer is 401 `unauthorized`.',
  '- Whatever changes something of an entity may carry `X-Client-Id`: who holds a [lock](guides/locks.md) is let through.',
  '- [Errors](errors.md) have one shape. What every route can answer besides its own:',
];

/** Returns `docs/api.md`: every route by tag, with its parameters, examples, responses and errors. */
export function apiMarkdown(): string {
  const shared = sharedFailures();
  const families = Object.values<readonly Route[]>(ROUTES);
  const sections = Object.entries<TagEntry>(TAGS).flatMap(([tag, { description }]) => {
    const groups = families.filter(([{ tag: own }]) => own === tag).flatMap(groupsOf);
    if (groups.length === 0) return [];
    const ordered = groups.toSorted(([a], [b]) => position(a) - position(b));
    return [`## ${tag}`, '', `${description}.`, '', ...ordered.flatMap((group) => routeSection(group, shared))];
  });
  const ofAll = shared.map(([status, code]) => `${status} \`${code}\``).join(', ');
  return [...INTRODUCTION, `  ${ofAll}.`, '', ...permissionTable(), ...sections].join('\n');
}

function permissionTable(): readonly string[] {
  return [
    '## Permissions',
    '',
    'Every route needs one. Whoever the gateway lets in has all of them.',
    '',
    '| permission | |',
    '| --- | --- |',
    ...Object.entries(PERMISSIONS).map(([name, about]) => `| \`${name}\` | ${about} |`),
    '',
  ];
}

/** Sort key: shorter paths first; within one path, GET first. */
function position({ path, method }: Route): number {
  return path.split('/').length * 10 + ['get', 'post', 'put', 'delete'].indexOf(method);
}

/** Returns the errors that every route can return. */
function sharedFailures(): readonly Failure[] {
  const [first, ...others] = ALL_ROUTES.map((route) => failuresOf(route, false));
  return first.filter((failure) => others.every((list) => list.some((other) => String(other) === String(failure))));
}
