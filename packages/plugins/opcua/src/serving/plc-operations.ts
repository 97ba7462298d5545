import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue, OperationEntry, OperationProvider } from '@medkit/core';
import type { MappedEntity } from '../entities/mapped-entity.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import type { MethodFacts } from '../plc/method-table.ts';
import type { Plc } from '../plc/plc.ts';
import { writtenValue } from '../values/written-value.ts';
import { actOnAlarm, alarmActOf, alarmEntries } from './alarm-acts.ts';
import { type EntityOfPlc, entityOf } from './entity-lookup.ts';
import { callMethod, methodTypeInfo } from './method-call.ts';
import { writeVariable } from './plc-change.ts';
import { factsOf } from './plc-data.ts';

/** Prefix of the operation that writes a variable. */
const SET = 'set_';

/**
 * Operations of the apps of PLCs: writing writable variables, acknowledging alarms, calling allowed methods. Each ends
 * with its answer.
 */
export function plcOperations(plcs: readonly Plc[]): OperationProvider {
  return {
    list: async (entityId) => {
      const found = entityOf(plcs, entityId);
      return found ? entriesOf(found) : [];
    },
    invoke: async (entityId, operationId, { parameters }) => {
      const found = entityOf(plcs, entityId);
      if (!found) throw unknownOperation(entityId, operationId);
      return { answer: await invoke(found, operationId, parameters) };
    },
    executions: async () => [],
    recent: async () => [],
    execution: async (_, operationId) => noExecution(operationId),
    control: async (_, operationId) => noExecution(operationId),
  };
}

/** Writes a variable by its name or by `set_` and its name, as clients of ros2_medkit do. Throws `SovdError`. */
export async function writeByName(
  plc: Plc,
  entity: MappedEntity,
  name: string,
  value: JsonValue | undefined,
): Promise<JsonObject> {
  const node = writableOf(entity, name);
  const written = writtenValue(node, value);
  await writeVariable(plc, node, written);
  return { status: 'ok', operation: name, node_id: node.nodeId, value_written: written };
}

function writableOf(entity: MappedEntity, name: string): MappedNode {
  const node = (name.startsWith(SET) && entity.nodes.get(name.slice(SET.length))) || entity.nodes.get(name);
  if (!node) throw unknownOperation(entity.id, name);
  return node;
}

function entriesOf({ plc, entity }: EntityOfPlc): readonly OperationEntry[] {
  const writable = [...entity.nodes.values()].filter((node) => node.writable);
  return [
    ...writable.map(setEntry),
    ...plc.methods.of(entity.id).map(methodEntry),
    ...(entity.hasNativeAlarms ? alarmEntries : []),
  ];
}

function setEntry(node: MappedNode): OperationEntry {
  const { type, min, max, unit } = node;
  const value = {
    type: JSON_TYPES[type],
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(unit !== undefined && { description: `In ${unit}` }),
  };
  return {
    id: `${SET}${node.dataName}`,
    name: `${SET}${node.dataName}`,
    title: `Set ${node.displayName}`,
    asynchronous: false,
    topLevelArguments: true,
    terms: { opcua: factsOf(node) },
    typeInfo: { request: { type: 'object', properties: { value }, required: ['value'], additionalProperties: false } },
  };
}

const JSON_TYPES: Readonly<Record<MappedNode['type'], string>> = {
  bool: 'boolean',
  float: 'number',
  int: 'integer',
  string: 'string',
  json: 'object',
};

function methodEntry(facts: MethodFacts): OperationEntry {
  return {
    id: facts.name,
    name: facts.name,
    asynchronous: false,
    topLevelArguments: true,
    terms: { opcua: { object_id: facts.method.objectId, method_id: facts.method.methodId } },
    typeInfo: methodTypeInfo(facts),
  };
}

async function invoke({ plc, entity }: EntityOfPlc, id: string, parameters: JsonValue | undefined): Promise<JsonValue> {
  const act = entity.hasNativeAlarms ? alarmActOf(id) : undefined;
  if (act) return actOnAlarm(plc, entity.id, act, parameters);
  const method = plc.methods.of(entity.id).find(({ name }) => name === id);
  if (method) return callMethod(plc, method, parameters);
  const value = (parameters as JsonObject | undefined | null)?.['value'];
  return writeByName(plc, entity, id, value);
}

function unknownOperation(entityId: string, operationId: string): SovdError {
  const message = `${entityId} has no operation ${operationId}`;
  return new SovdError({
    code: 'operation-not-found',
    message,
    parameters: { entity_id: entityId, operation_id: operationId },
  });
}

function noExecution(operationId: string): never {
  const message = `${operationId} ends with its response: it has no executions`;
  throw new SovdError({ code: 'resource-not-found', message, parameters: { operation_id: operationId } });
}
