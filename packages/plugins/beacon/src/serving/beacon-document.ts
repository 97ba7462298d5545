import type { JsonObject } from '@medkit/core';
import Type from 'typebox';
import type { LiveHint } from '../store/hint-store.ts';

const Ids = Type.Array(Type.String());

/** The data of an entity from its beacon: all members are present, empty if unknown. */
export const BeaconDocument = Type.Object(
  {
    entity_id: Type.String(),
    status: Type.String({ description: '`active`, or `stale` if no hint was received for `beacon_ttl_sec`.' }),
    age_sec: Type.Number({ description: 'Age of the hint.' }),
    stable_id: Type.String({ description: 'Id that stays the same if the entity is renamed.' }),
    display_name: Type.String(),
    transport_type: Type.String(),
    negotiated_format: Type.String(),
    process_id: Type.Integer({ description: 'Process id on `hostname`; 0 if unknown.' }),
    process_name: Type.String(),
    hostname: Type.String(),
    component_id: Type.String(),
    function_ids: Ids,
    depends_on: Ids,
    metadata: Type.Record(Type.String(), Type.String()),
  },
  { $id: 'BeaconDocument' },
);
export type BeaconDocument = Type.Static<typeof BeaconDocument>;

export const BEACON_DOCUMENT_EXAMPLE: BeaconDocument = {
  entity_id: 'lidar_driver',
  status: 'active',
  age_sec: 1.25,
  stable_id: 'lidar-front',
  display_name: 'Front LiDAR',
  transport_type: 'shared_memory',
  negotiated_format: '',
  process_id: 4711,
  process_name: 'lidar_node',
  hostname: 'robot-1',
  component_id: 'perception',
  function_ids: ['localization'],
  depends_on: [],
  metadata: { firmware: '2.4.1' },
};

export function beaconDocument({ hint, status, ageMs }: LiveHint): BeaconDocument & JsonObject {
  return {
    entity_id: hint.entityId,
    status,
    age_sec: Math.round(ageMs) / 1000,
    stable_id: hint.stableId,
    display_name: hint.displayName,
    transport_type: hint.transportType,
    negotiated_format: hint.negotiatedFormat,
    process_id: hint.processId,
    process_name: hint.processName,
    hostname: hint.hostname,
    component_id: hint.componentId,
    function_ids: [...hint.functionIds],
    depends_on: [...hint.dependsOn],
    metadata: hint.metadata,
  };
}
