import { MAX_ARGUMENTS, MAX_TEXT } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused } from '../plc-error.ts';
import type { PlcScalar } from '../plc-reading.ts';
import type { MethodArgument, MethodResult } from '../plc-session.ts';
import { toJsonValue } from '../values/json-value.ts';
import { nodeIdOf, textOf } from '../values/node-ids.ts';
import type { ReceivedVariant } from '../values/scalars.ts';
import { qualityOf, statusName } from '../values/status.ts';
import { type WrittenVariant, writtenVariant } from '../values/written-variant.ts';
import { translate } from './browsing.ts';
import { ATTRIBUTES, type ReceivedValue, readAttributes, scalarIn } from './readings.ts';
import type { BuiltInTypes } from './variable-facts.ts';

export interface MethodFacts {
  readonly input: readonly MethodArgument[];
  readonly output: readonly MethodArgument[];
}

/** Node class of methods (OPC 10000-3, 8.29). */
const METHOD_CLASS = 4;
const UNKNOWN: ReadonlySet<string> = new Set(['BadNodeIdUnknown', 'BadNodeIdInvalid']);

/** An argument as decoded by the library (OPC 10000-3, 8.6). */
interface ReceivedArgument {
  readonly name?: string | null;
  readonly dataType?: unknown;
  readonly valueRank?: number;
  readonly description?: { readonly text?: string | null } | null;
}

/**
 * Reads the arguments of a method from its properties (OPC 10000-3, 5.7). Rejects with `PlcRefused` if the node does
 * not exist or is not a method.
 */
export async function describeMethod(
  session: SessionChannel,
  types: BuiltInTypes,
  methodId: string,
): Promise<MethodFacts> {
  await checkMethod(session, methodId);
  const ids = await translate(session, [
    { nodeId: methodId, path: ['InputArguments'] },
    { nodeId: methodId, path: ['OutputArguments'] },
  ]);
  const found = ids.filter((id) => id !== undefined);
  const values = await readAttributes(
    session,
    found.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const argumentsOf = async (id: string | undefined): Promise<readonly MethodArgument[]> => {
    if (id === undefined) return [];
    const listed = listIn(values[found.indexOf(id)]!).slice(0, MAX_ARGUMENTS);
    return Promise.all(listed.map((argument) => argumentOf(types, argument)));
  };
  return { input: await argumentsOf(ids[0]), output: await argumentsOf(ids[1]) };
}

/** A method without arguments and with an unreadable node class may still be callable. */
async function checkMethod(session: SessionChannel, methodId: string): Promise<void> {
  const [read] = await readAttributes(session, [{ nodeId: methodId, attribute: ATTRIBUTES.nodeClass }]);
  const status = statusName(session.library, read!.statusCode.value);
  if (UNKNOWN.has(status)) throw new PlcRefused(`${session.endpointUrl} has no ${methodId}: ${status}`, status);
  const nodeClass = scalarIn(read!);
  if (nodeClass !== undefined && nodeClass !== METHOD_CLASS)
    throw new PlcRefused(`${methodId} of ${session.endpointUrl} is not a method`, 'BadMethodInvalid');
}

/**
 * Calls a method, converting the values to its argument types. Rejects with `PlcRefused` if the server or a type does
 * not accept them.
 */
export async function callMethod(
  session: SessionChannel,
  method: { readonly objectId: string; readonly methodId: string; readonly input: readonly MethodArgument[] },
  values: readonly PlcScalar[],
): Promise<readonly MethodResult[]> {
  const { objectId, methodId, input } = method;
  if (values.length !== input.length) {
    const names = input.map(({ name }) => name).join(', ');
    const status = values.length < input.length ? 'BadArgumentsMissing' : 'BadTooManyArguments';
    throw new PlcRefused(`${methodId} takes ${input.length} arguments (${names}), not ${values.length}`, status);
  }
  const inputArguments = values.map((value, index) =>
    writtenVariant(input[index]!.type, value, `argument ${input[index]!.name} of ${methodId}`),
  );
  const outputs = await callWith(session, objectId, methodId, inputArguments);
  return outputs.slice(0, MAX_ARGUMENTS).map(toJsonValue);
}

/** Calls a method with encoded values. Returns the server's result. */
export async function callWith(
  session: SessionChannel,
  objectId: string,
  methodId: string,
  inputArguments: readonly WrittenVariant[],
): Promise<readonly ReceivedVariant[]> {
  const { library } = session;
  const request = new library.CallRequest({
    methodsToCall: [
      {
        objectId: nodeIdOf(library, objectId),
        methodId: nodeIdOf(library, methodId),
        inputArguments: inputArguments as never,
      },
    ],
  });
  const [result] = (await session.ask(request, library.CallResponse)).results ?? [];
  if (result === undefined || result === null)
    throw session.channel.fail(new Error('the response to Call has no result'));
  const { value } = result.statusCode;
  if (qualityOf(value) === 'bad') {
    const status = statusName(library, value);
    const wrong = (result.inputArgumentResults ?? []).findIndex((each) => qualityOf(each.value) === 'bad');
    const which =
      wrong < 0 ? '' : `: argument ${wrong + 1} is ${statusName(library, result.inputArgumentResults![wrong]!.value)}`;
    throw new PlcRefused(`${session.endpointUrl} refused to call ${methodId}: ${status}${which}`, status);
  }
  return (result.outputArguments ?? []) as unknown as readonly ReceivedVariant[];
}

async function argumentOf(
  types: BuiltInTypes,
  { name, dataType, valueRank, description }: ReceivedArgument,
): Promise<MethodArgument> {
  const id = textOf(dataType as never);
  const type = id === undefined || (valueRank ?? -1) >= 0 ? undefined : await types.of(id);
  return {
    name: (name ?? '').slice(0, MAX_TEXT),
    type: type === 'abstract' ? undefined : type,
    description: (description?.text ?? '').slice(0, MAX_TEXT),
  };
}

function listIn({ value }: ReceivedValue): readonly ReceivedArgument[] {
  const list = value?.value;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];
}
