import { KIND_TERMS, kindOfCollection } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityTree,
  fieldsOf,
  type JsonObject,
  type JsonValue,
  LOCAL,
} from '@medkit/core';
import { faultHost } from '@medkit/faults';
import { peerNames } from './peer-names.ts';

/** Translates a list of the gateway `runtime` to local entity ids. Its faults belong to its entities alone. */
export function peerList(tree: EntityTree, runtime: string, document: JsonValue): JsonValue {
  const list = peerNames(tree, runtime)?.here(document) ?? document;
  const { items } = fieldsOf(list) ?? {};
  if (!Array.isArray(items) || !items.some((item) => fieldsOf(item)?.['fault_code'] !== undefined)) return list;
  return { ...fieldsOf(list), items: items.map((item: JsonValue) => ofPeer(tree, runtime, item)) } as JsonValue;
}

/** Translates an event about a fault of the gateway `runtime` to local entity ids. */
export function peerFaultEvent(tree: EntityTree, runtime: string, received: JsonObject): JsonObject {
  const event = (peerNames(tree, runtime)?.here(received) ?? received) as JsonObject;
  const { fault, 'x-medkit': about } = event;
  return {
    ...event,
    ...(fault !== undefined && { fault: ofPeer(tree, runtime, fault) }),
    ...(about !== undefined && { 'x-medkit': ofPeer(tree, runtime, about) }),
  };
}

/**
 * Corrects the entity of a peer's fault. If the named entity is in this tree and not the peer's, the fault is assigned
 * to the peer's host component: a peer cannot report a fault of an entity of this gateway.
 */
function ofPeer(tree: EntityTree, runtime: string, about: JsonValue): JsonValue {
  const fields = fieldsOf(about);
  const { entity_type: type, entity_id: id } = fields ?? {};
  if (!fields || typeof type !== 'string' || typeof id !== 'string') return about;
  const kind = kindOfCollection(type) ?? ENTITY_KINDS.find((each) => each === type);
  const entity = kind && tree.resolve(kind, id);
  if (!entity || isKnownTo(entity, runtime)) return about;
  const { entity_type: _, entity_id: __, ...rest } = fields;
  const host = faultHost(tree, runtime);
  if (!host) return rest as JsonValue;
  const named = kindOfCollection(type) ? KIND_TERMS[host.kind].collection : host.kind;
  return { ...rest, entity_type: named, entity_id: host.id } as JsonValue;
}

function isKnownTo(
  { origin = LOCAL, address, addresses = address ? [address] : [] }: Entity,
  runtime: string,
): boolean {
  return origin === runtime || addresses.some((each) => each.runtime === runtime);
}
