import { type Client, type EntityRef, GatewayRefused } from '@medkit/client';
import type { EntityKind } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Kinds in the order in which a bare id is resolved: an app may share its id with its component or function. */
export const KINDS: readonly EntityKind[] = ['app', 'component', 'function', 'area'];
/** `apps/lidar`, also as an API path. */
const TYPED_OUT = /^(?:\/api\/v1)?\/?(app|component|function|area)s\/([^/]+)$/;

/** Maximum number of ids that are compared for a suggestion. */
const MAX_COMPARED = 2000;

/**
 * Resolves an entity by its id, or by `components/<id>` to select the kind. Throws `CommandFailed` with the nearest id if there is
 * no such entity.
 */
export async function findEntity<K extends EntityKind = EntityKind>(
  client: Client,
  word: string,
  kinds: readonly K[] = KINDS as readonly K[],
): Promise<EntityRef<K>> {
  const [, typedKind, typedId] = TYPED_OUT.exec(word) ?? [];
  const wanted = KINDS.filter((kind): kind is K => (kinds as readonly EntityKind[]).includes(kind));
  const kindsLeft = typedKind === undefined ? wanted : wanted.filter((kind) => kind === typedKind);
  if (kindsLeft.length === 0) {
    throw new CommandFailed(
      `${word}: this command works only with ${wanted.map((kind) => `${kind}s`).join(' and ')}`,
      ExitCode.usage,
    );
  }
  const id = typedId ?? word;
  const found = await Promise.all(kindsLeft.map((kind) => exists(client, kind, id)));
  const kind = kindsLeft.find((_, index) => found[index]);
  if (kind !== undefined) return { kind, id };
  throw new CommandFailed(
    `the robot has no ${nameOf(kindsLeft)} ${id}${await suggestion(client, id, kindsLeft)}`,
    ExitCode.notFound,
  );
}

async function exists(client: Client, kind: EntityKind, id: string): Promise<boolean> {
  try {
    await client.call('getEntity', { entity: { kind, id } });
    return true;
  } catch (error) {
    // 400: the id is syntactically invalid.
    if (error instanceof GatewayRefused && (error.status === 404 || error.status === 400)) return false;
    throw error;
  }
}

function nameOf(kinds: readonly EntityKind[]): string {
  return kinds.length === 1 ? kinds[0] : 'entity';
}

async function suggestion(client: Client, id: string, kinds: readonly EntityKind[]): Promise<string> {
  const lists = await Promise.all(kinds.map((kind) => client.call('listEntities', { kind })));
  const ids = lists.flatMap(({ items }) => items.map((item) => item.id)).slice(0, MAX_COMPARED);
  const { nearestName } = await import('@medkit/documents/nearest');
  const nearest = nearestName(id, ids);
  return nearest === undefined ? '' : `. Did you mean ${nearest}?`;
}
