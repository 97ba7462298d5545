import { type Failure, failuresOf } from '../routes/errors.ts';
import type { Route } from '../routes/route.ts';
import { ALL_ROUTES, ROUTES } from '../routes/routes.ts';
import { TAGS, type TagEntry } from '../routes/tags.ts';
import { PERMISSIONS } from '../schemas/permissions.ts';
import { groupsOf, routeSection } from './route-markdown.ts';

const INTRODUCTION = [
  '# API',
  '',
  '<!-- Generated from packages/base/contract/src/routes by `npm run docs`. -->',
  '',
  'Lists every route of the gateway, generated from the contract that the tests check the gateway against. A running gateway serves',
  'the same routes as OpenAPI 3.1 at `/api/v1/docs`, including those of its plugins. `/api/v1/apps/{app_id}/docs` is limited to one',
  'entity. `/docs` shows the document in a browser, where you can try out every route.',
  '',
  '- Bodies are JSON unless stated otherwise. Requests with a JSON body need the header `Content-Type: application/json`.',
  '- Entity ids have 1 to 256 of the characters `A-Z a-z 0-9 _ -`. For the types, see the [entity tree](concepts.md#the-entity-tree).',
  '- If `server.token` is set, every request needs `Authorization: Bearer <token>`; otherwise the gateway answers 401 `unauthorized`.',
  '- A request that changes an entity may carry `X-Client-Id`, to identify the client as the holder of a [lock](guides/locks.md).',
  '- A `POST`, `PUT` or `DELETE` may carry `Idempotency-Key`, 1 to 64 characters: for 24 h, the same request of the same client with this key',
  '  is answered with the first reply and not executed again. Another request with the key is 409 `x-medkit-key-reused`. Not for uploads.',
  '- All [errors](errors.md) have the same format. In addition to the errors listed for a route, every route can return:',
];

/** Returns `docs/api.md`: every route by tag, with its parameters, examples, responses and errors. */
export function apiMarkdown(): string {
  const shared = sharedFailures();
  const families = Object.values<readonly Route[]>(ROUTES);
  const sections = Object.entries<TagEntry>(TAGS).flatMap(([tag, { description }]) => {
    const groups = families.filter(([{ tag: familyTag }]) => familyTag === tag).flatMap(groupsOf);
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
    'Every route requires one permission. Without accounts, every client that the gateway accepts has all permissions.',
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
