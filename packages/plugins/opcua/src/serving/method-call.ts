import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue } from '@medkit/core';
import type { MethodArgument, MethodResult, PlcScalar } from '@medkit/opcua';
import type { MethodFacts } from '../plc/method-table.ts';
import type { Plc } from '../plc/plc.ts';
import { changePlc } from './plc-change.ts';

/** Returns JSON Schemas of a method's request and response. */
export function methodTypeInfo({ input, output }: MethodFacts): Readonly<Record<string, JsonObject>> {
  return { request: schemaOf(input, true), response: schemaOf(output, false) };
}

/** Calls a method with named arguments. Throws `SovdError`. */
export async function callMethod(
  plc: Plc,
  { method, input, output }: MethodFacts,
  parameters: JsonValue | undefined,
): Promise<JsonObject> {
  const args = (parameters ?? {}) as JsonObject;
  const unknown = Object.keys(args).find((name) => !input.some((argument) => argument.name === name));
  if (unknown !== undefined) throw invalid(unknown, `Unknown argument ${unknown}: the method takes ${namesOf(input)}`);
  const values = input.map((argument) =>
    argumentOf(argument, Object.hasOwn(args, argument.name) ? args[argument.name] : undefined),
  );
  const { objectId, methodId } = method;
  const results = await changePlc(plc, {
    what: `The method ${methodId} was called`,
    parameters: { object_id: objectId, method_id: methodId },
    work: (session) => session.call(objectId, methodId, values),
  });
  // If a method returns more values than it describes, the rest is named `arg3` like unnamed arguments.
  const names = results.map((_, at) => output[at]?.name ?? `arg${at + 1}`);
  for (const { name } of output.slice(results.length)) names.push(name);
  return Object.fromEntries(names.map((name, at) => [name, resultOf(results[at])]));
}

/** A value that is not representable is marked, because `null` can be a value of the PLC. */
function resultOf({ value, unshown }: Partial<MethodResult> = {}): JsonValue {
  return value ?? (unshown === undefined ? null : { unshown });
}

function argumentOf({ name, type }: MethodArgument, value: JsonValue | undefined): PlcScalar {
  if (type === undefined) throw invalid(name, `The argument ${name} has a type that is not supported`);
  if (value === undefined || value === null) throw invalid(name, `The argument ${name} is missing`);
  const wanted = jsonTypeOf(type);
  const isFitting =
    wanted === 'integer' ? typeof value === 'bigint' || Number.isSafeInteger(value) : wanted === typeof value;
  if (!isFitting) throw invalid(name, `The argument ${name} must be of type ${type}`);
  return value as PlcScalar;
}

function schemaOf(methodArguments: readonly MethodArgument[], isRequest: boolean): JsonObject {
  const properties = methodArguments.map(({ name, type, description }): [string, JsonObject] => [
    name,
    { ...(type !== undefined && { type: jsonTypeOf(type) }), ...(description !== '' && { description }) },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(isRequest && { required: methodArguments.map(({ name }) => name), additionalProperties: false }),
  };
}

/** Returns the JSON type of a built-in type of OPC UA. */
function jsonTypeOf(type: string): 'boolean' | 'number' | 'integer' | 'string' {
  if (type === 'Boolean') return 'boolean';
  if (type === 'Float' || type === 'Double') return 'number';
  return /^(?:U?Int(?:16|32|64)|S?Byte)$/.test(type) ? 'integer' : 'string';
}

function namesOf(methodArguments: readonly MethodArgument[]): string {
  return methodArguments.map(({ name }) => name).join(', ') || 'none';
}

function invalid(parameter: string, message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}
