import { type JsonObject, type JsonValue, stringifyJson } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';
import { entityNotFound, findEntity, resourcePath } from './find-entity.ts';
import { type Gateway, type MedkitService, refused } from './medkit-service.ts';
import { refusalReason } from './refusal-reason.ts';

/** Maximum values per request: each unsubscribed topic waits for a message. */
const MAX_KEYS = 64;

/**
 * `get_entity_data`: values of an entity by data id as one JSON object; without keys, all values. If some cannot be
 * read, `success` is false and `data_json` contains the others.
 */
export const getEntityData: MedkitService = {
  name: 'get_entity_data',
  type: 'ros2_medkit_msgs/srv/GetEntityData',
  async answer({ entity_id, data_keys }, gateway) {
    const id = String(entity_id);
    const entity = findEntity(await gateway.entities(), id);
    if (!entity) return withoutData(entityNotFound(id));
    const path = resourcePath(entity, 'data');
    const keys = await keysOf([...new Set(data_keys as readonly string[])], path, gateway);
    if (typeof keys === 'string') return withoutData(keys);
    const read = await Promise.all(
      keys.map(async (key) => [key, await readValue(`${path}/${encodeURIComponent(key)}`, gateway)] as const),
    );
    const values = read.flatMap(([key, value]) => ('data' in value ? [[key, value.data] as const] : []));
    const failures = read.flatMap(([key, value]) => ('data' in value ? [] : [`${key}: ${value.failure}`]));
    return {
      success: failures.length === 0,
      error_message: failures.join('; '),
      data_json: stringifyJson(Object.fromEntries(values)),
    };
  },
};

/** `data_json` is valid JSON even if it is empty. */
function withoutData(reason: string): RosMessage {
  return { ...refused(reason), data_json: '{}' };
}

/** Returns the requested keys, or all available ones; a text if there is an error. */
async function keysOf(
  requested: readonly string[],
  path: string,
  gateway: Gateway,
): Promise<readonly string[] | string> {
  let keys = requested;
  if (requested.length === 0) {
    const reply = await gateway.request({ method: 'GET', path });
    if (reply.status !== 200) return refusalReason(reply);
    const { items } = reply.body as { readonly items: readonly JsonObject[] };
    keys = items.map((item) => String(item['id']));
  }
  return keys.length <= MAX_KEYS
    ? keys
    : `${keys.length} data items exceed the maximum of ${MAX_KEYS}: name the required ones`;
}

async function readValue(
  path: string,
  gateway: Gateway,
): Promise<{ readonly data: JsonValue } | { readonly failure: string }> {
  const reply = await gateway.request({ method: 'GET', path });
  if (reply.status !== 200) return { failure: refusalReason(reply) };
  const { data = null, 'x-medkit': about } = reply.body as JsonObject;
  const hasNone =
    typeof about === 'object' && about !== null && 'status' in about && about['status'] === 'metadata_only';
  return hasNone ? { failure: 'nothing has been published' } : { data };
}
