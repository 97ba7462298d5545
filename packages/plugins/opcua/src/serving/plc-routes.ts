import { SovdError } from '@medkit/contract';
import type { JsonObject } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PluginRoute } from '@medkit/plugin';
import Type from 'typebox';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';
import { PLC_DATA, PLC_OPERATIONS, PLC_STATUS } from '../plc/plc-contribution.ts';
import { type EntityOfPlc, entityOf, nodeOf } from './entity-lookup.ts';
import { plcAlarmsRoute } from './plc-alarms.ts';
import { nameIn } from './plc-data.ts';
import { writeByName } from './plc-operations.ts';

const NS_PER_S = 1_000_000_000n;

const Scalar = Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]);
const itemFields = {
  name: Type.String(),
  display_name: Type.String(),
  node_id: Type.String(),
  value: Type.Unknown({ description: 'A scalar, or the JSON of an array or a structure; `null` if there is none' }),
  value_name: Type.Optional(Type.String({ description: 'Name of the number, if the variable is an enumeration' })),
  unshown: Type.Optional(Type.String({ description: 'Why a value is not shown' })),
  unit: Type.Optional(Type.String()),
  data_type: Type.String({ description: 'float, int, bool, string, or json for an array or a structure' }),
  writable: Type.Boolean(),
  quality: Type.Optional(Type.String({ description: 'good, uncertain or bad' })),
};
const timestamp = Type.Integer({ description: 'Arrival of the newest value, seconds since the epoch' });
const PlcItem = Type.Object({
  ...itemFields,
  connected: Type.Boolean({ description: 'True if the PLC answers; otherwise the values are the last known ones' }),
  timestamp: Type.Integer({ description: 'Arrival of the value, seconds since the epoch' }),
});
const PlcItems = Type.Object({
  entity_id: Type.String(),
  connected: Type.Boolean(),
  timestamp,
  items: Type.Array(Type.Object(itemFields)),
});
const Written = Type.Object({
  status: Type.Literal('ok'),
  operation: Type.String(),
  node_id: Type.String(),
  value_written: Scalar,
});
const PlcStatus = Type.Object({
  component_id: Type.String(),
  connected: Type.Boolean(),
  endpoint_url: Type.String(),
  server_description: Type.String(),
  mode: Type.Union([Type.Literal('poll'), Type.Literal('subscription')]),
  poll_count: Type.Integer({ description: 'Successful polls, or notifications' }),
  error_count: Type.Integer(),
  node_count: Type.Integer(),
  entity_count: Type.Integer(),
  last_update: Type.Integer({
    description: 'Arrival of the newest value, seconds since the epoch; 0 before the first',
  }),
  active_alarms: Type.Array(Type.String(), { description: 'Codes of active faults' }),
  problem: Type.Optional(Type.String({ description: 'Reason for a missing connection or missing values' })),
});

const NAME = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'Name of the value',
  schema: Type.String(),
} as const;

/** The PLC resources: those that clients of ros2_medkit use, and the alarms. */
export function plcRoutes(plcs: readonly Plc[], clock: Clock): readonly PluginRoute[] {
  const appOf = (id: string): EntityOfPlc => {
    const found = entityOf(plcs, id);
    if (found && found.entity.nodes.size > 0) return found;
    const message = `${id} has no PLC values`;
    throw new SovdError({ code: 'resource-not-found', message, parameters: { entity_id: id } });
  };
  const seconds = (plc: Plc): number => Number((plc.values.newestNs || clock.wallNs()) / NS_PER_S);
  return [
    plcAlarmsRoute(plcs),
    {
      route: {
        method: 'get',
        path: `/apps/{app_id}/${PLC_DATA}`,
        operationId: 'listPlcData',
        summary: 'Values of a PLC',
        description: 'All values of the app, as the PLC reported them last.',
        parameters: [],
        responses: { 200: { description: 'The values', schema: PlcItems } },
        errors: ['resource-not-found'],
      },
      handle: async ({ path }) => {
        const { plc, entity } = appOf(path['app_id'] as string);
        const items = [...entity.nodes.values()].map((node) => itemOf(plc, node));
        return { body: { entity_id: entity.id, connected: plc.isConnected, timestamp: seconds(plc), items } };
      },
    },
    {
      route: {
        method: 'get',
        path: `/apps/{app_id}/${PLC_DATA}/{name}`,
        operationId: 'getPlcData',
        summary: 'One value of a PLC',
        description: 'The value that the PLC reported last; `null` before the first.',
        parameters: [NAME],
        responses: { 200: { description: 'The value', schema: PlcItem } },
        errors: ['resource-not-found'],
      },
      handle: async ({ path }) => {
        const { plc, node } = nodeOf(plcs, path['app_id'] as string, path['name'] as string);
        const receivedNs = plc.values.of(node.nodeId)?.receivedNs ?? clock.wallNs();
        const timestamp = Number(receivedNs / NS_PER_S);
        return { body: { ...itemOf(plc, node), connected: plc.isConnected, timestamp } };
      },
    },
    {
      route: {
        method: 'post',
        path: `/apps/{app_id}/${PLC_OPERATIONS}/{name}`,
        operationId: 'writePlcValue',
        summary: 'Write a value of a PLC',
        description: 'Writes a value that is writable in the node map, by its name or by `set_` and its name.',
        parameters: [NAME],
        permission: 'operations.run',
        lockedAs: 'operations',
        body: {
          description: 'The value to write',
          required: true,
          schema: Type.Object({ value: Type.Optional(Type.Unknown()) }),
          examples: { value: { summary: 'A number', value: { value: 80 } } },
        },
        responses: { 200: { description: 'What was written', schema: Written } },
        errors: ['invalid-parameter', 'operation-not-found', 'resource-not-found', 'service-unavailable'],
      },
      handle: async ({ path, body }) => {
        const { plc, entity } = appOf(path['app_id'] as string);
        const { value } = (body ?? {}) as JsonObject;
        return { body: await writeByName(plc, entity, path['name'] as string, value) };
      },
    },
    {
      route: {
        method: 'get',
        path: `/components/{component_id}/${PLC_STATUS}`,
        operationId: 'getPlcStatus',
        summary: 'The connection to a PLC',
        description: 'Address and connection state of the PLC, and the codes of its active faults.',
        parameters: [],
        responses: { 200: { description: 'The connection', schema: PlcStatus } },
        errors: ['resource-not-found'],
      },
      handle: async ({ path }) => {
        const id = path['component_id'] as string;
        const plc = plcs.find(({ component }) => component.id === id);
        if (plc) return { body: statusOf(plc) };
        throw new SovdError({
          code: 'resource-not-found',
          message: `${id} is not a PLC`,
          parameters: { entity_id: id },
        });
      },
    },
  ];
}

function itemOf(plc: Plc, node: MappedNode): JsonObject {
  const { nodeId, dataName, displayName, unit, type, writable } = node;
  const reading = plc.values.of(nodeId);
  return {
    name: dataName,
    display_name: displayName,
    node_id: nodeId,
    value: reading?.value ?? null,
    ...nameIn(node, reading),
    ...(reading?.unshown !== undefined && { unshown: reading.unshown }),
    ...(unit !== undefined && { unit }),
    data_type: type,
    writable,
    ...(reading && { quality: reading.quality }),
  };
}

function statusOf(plc: Plc): JsonObject {
  const { isConnected: connected, problem = plc.unread } = plc;
  return {
    component_id: plc.component.id,
    connected,
    endpoint_url: plc.options.endpointUrl,
    server_description: plc.serverName,
    mode: plc.options.prefersSubscriptions ? 'subscription' : 'poll',
    poll_count: plc.pollCount,
    error_count: plc.errorCount,
    node_count: plc.nodes.length,
    entity_count: plc.entities.size,
    last_update: Number(plc.values.newestNs / NS_PER_S),
    active_alarms: plc.activeCodes,
    ...(problem !== undefined && { problem }),
  };
}
