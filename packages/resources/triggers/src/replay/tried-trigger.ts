import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue } from '@medkit/core';
import { observedResource } from '@medkit/entities';
import { BUILT_IN } from '../conditions/built-in.ts';
import { assertCondition } from '../conditions/read-condition.ts';
import type { TriggerRecord } from '../trigger.ts';
import { conditionIn, pointerIn } from '../trigger-request.ts';

const MEMBERS = ['resource', 'trigger_condition', 'path', 'multishot'];
const NO_PLUGINS = { get: () => undefined, names: () => [] };

/** Returns why a trigger cannot be replayed over recorded values; `undefined` if it can. */
export function replayProblem({ collection, condition }: TriggerRecord): string | undefined {
  if (collection !== 'data') return `It observes ${collection}, and a recording has values only`;
  if (!Object.hasOwn(BUILT_IN, condition.type)) return `The plugin of its condition ${condition.type} is not loaded`;
  return undefined;
}

/**
 * Returns a trigger with changed members, or an additional one. The members are those of a request; delivery and
 * lifetime do not count. Rejects with `invalid-parameter` or `x-medkit-invalid-resource-uri`.
 * @param inUse the trigger that is changed; absent for an additional one
 */
export async function triedTrigger(inUse: TriggerRecord | undefined, changes: JsonObject): Promise<TriggerRecord> {
  const unknown = Object.keys(changes).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw invalid(`there is no ${unknown} to try. Known are ${MEMBERS.join(', ')}`, unknown);
  const { resource, trigger_condition: wanted, path, multishot } = changes;
  if (inUse === undefined && resource === undefined)
    throw invalid('an additional trigger needs a "resource"', 'resource');
  const condition = wanted === undefined && inUse ? inUse.condition : conditionIn(wanted as JsonValue);
  if (inUse?.condition !== condition) await assertCondition(condition, NO_PLUGINS);
  if (path !== undefined && typeof path !== 'string') throw invalid('path must be a text', 'path');
  if (multishot !== undefined && typeof multishot !== 'boolean')
    throw invalid('multishot must be a boolean', 'multishot');
  return {
    ...(inUse ?? { number: 0, protocol: 'sse', persistent: false, multishot: false, pointer: '' }),
    ...observedItem(resource === undefined ? inUse!.resource : resource),
    condition,
    ...(path !== undefined && { pointer: pointerIn(path) }),
    ...(multishot !== undefined && { multishot }),
  };
}

function observedItem(resource: JsonValue): Pick<TriggerRecord, 'entity' | 'resource' | 'collection' | 'item'> {
  if (typeof resource !== 'string') throw invalid('resource must be a text', 'resource');
  const { entity, collection, path: item } = observedResource(resource);
  if (!entity || collection !== 'data' || item === '')
    throw invalid(`resource must name a data item, such as /api/v1/apps/lidar/data/scan, not ${resource}`, 'resource');
  return { entity, resource, collection, item };
}

function invalid(message: string, parameter: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}
