import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import type { PlcScalar } from '@medkit/opcua';
import type { MappedNode } from '../node-map/node-map.ts';

/**
 * Converts a client's value to the type of a mapped variable. Throws a `SovdError` with status 400 if that is not
 * possible.
 */
export function writtenValue(node: MappedNode, input: JsonValue | undefined): PlcScalar {
  if (!node.writable) {
    throw invalid(node, `${node.dataName} is read-only: the node map does not set writable: true`);
  }
  if (input === undefined) throw invalid(node, `The body has no value: send {"value": …}`);
  const value = scalarOf(node, input);
  const { min, max } = node;
  if ((typeof value === 'number' || typeof value === 'bigint') && !isWithin(value, min, max)) {
    throw invalid(node, `${input} is out of range: ${node.dataName} takes ${rangeOf(min, max)}`);
  }
  return value;
}

function scalarOf(node: MappedNode, input: JsonValue): PlcScalar {
  switch (node.type) {
    case 'bool':
      if (typeof input === 'boolean') return input;
      if (input === 0 || input === 1) return input === 1;
      break;
    case 'int':
      if (typeof input === 'bigint' || Number.isSafeInteger(input)) return input as number | bigint;
      break;
    case 'float':
      if (typeof input === 'number' && Number.isFinite(input)) return input;
      if (typeof input === 'bigint') return Number(input);
      break;
    case 'string':
      if (typeof input === 'string') return input;
      break;
  }
  throw invalid(node, `${node.dataName} takes ${TAKES[node.type]}, not ${kindOf(input)}`);
}

const TAKES: Readonly<Record<MappedNode['type'], string>> = {
  bool: 'true or false',
  int: 'a whole number',
  float: 'a number',
  string: 'a text',
  json: 'nothing: arrays and structures are read-only',
};

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${value}`;
}

function isWithin(value: number | bigint, min: number | undefined, max: number | undefined): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

function rangeOf(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `${max} or less`;
  return max === undefined ? `${min} or more` : `${min} to ${max}`;
}

function invalid({ dataName, nodeId }: MappedNode, message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { id: dataName, node_id: nodeId } });
}
