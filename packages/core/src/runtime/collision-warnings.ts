import { LOCAL } from '../entity/entity.ts';
import type { IdCollision } from '../merge/assign-ids.ts';
import type { Warning } from './runtime.ts';

/** Maximum ids per warning, and maximum ids named in its message. */
const IDS_IN_A_WARNING = 100;
const IDS_IN_A_SENTENCE = 3;

const CODES: Readonly<Record<IdCollision['kind'], string>> = {
  app: 'app_id_collision',
  component: 'leaf_id_collision',
};

/**
 * Returns health warnings for entities that appear under another id than their gateway gave them: one for each pair of
 * gateways and kind. A warning refers to the entities of both gateways, as far as they exist.
 */
export function collisionWarnings(collisions: readonly IdCollision[]): readonly Warning[] {
  const groups = Map.groupBy(collisions, ({ origin, kind, holder }) => `${kind} ${origin} ${holder}`);
  return Array.from(groups.values(), (group): Warning => {
    const [{ kind, origin, holder }] = group;
    const aliases = group.map(({ alias }) => alias);
    const named = aliases.slice(0, IDS_IN_A_SENTENCE).join(', ');
    const more = aliases.length > IDS_IN_A_SENTENCE ? ` and ${aliases.length - IDS_IN_A_SENTENCE} more` : '';
    const isPeer = holder !== undefined && holder !== LOCAL;
    const taken = isPeer ? `by ${holder}` : 'on this gateway';
    const message = `Ids of ${kind}s of ${origin} are already in use ${taken}, so these ${kind}s are shown as ${named}${more}. Give one of each two ${kind}s another id.`;
    const entityIds = group.flatMap(({ id, alias }) => (holder === undefined ? [alias] : [id, alias]));
    const peerNames = isPeer ? [origin, holder].sort() : [origin];
    return { code: CODES[kind], message, entityIds: entityIds.slice(0, IDS_IN_A_WARNING), peerNames };
  });
}
