import type { Clock } from '@medkit/edges';
import type { LocalNode } from '../adapter/adapter.ts';
import type { ServiceHandler } from '../adapter/service.ts';
import { timeMessage } from '../codec/time-message.ts';
import type { RosMessage } from '../types/message.ts';
import {
  MAX_PARAMETERS_PER_NODE,
  PARAMETER_EVENT_TYPE,
  PARAMETER_EVENTS_TOPIC,
  PARAMETER_SERVICES,
  type Parameter,
  type ParameterEvent,
  type ParameterService,
  type ParameterSetResult,
  type ParameterValue,
} from './parameter.ts';
import { PARAMETER_EVENTS_QOS } from './parameter-events.ts';
import {
  decodeParameter,
  encodeParameterDescriptor,
  encodeParameterEvent,
  encodeParameterType,
  encodeParameterValue,
  encodeSetResult,
  messagesOf,
} from './parameter-message.ts';
import { type BeforeSet, type ParameterDeclaration, ParameterStore } from './parameter-store.ts';

export interface ParameterServerOptions {
  /** Initial parameters of the node. `use_sim_time` and similar ones exist only if listed. */
  readonly declarations: readonly ParameterDeclaration[];
  readonly onSet?: BeforeSet;
  /** For the stamps of events. */
  readonly clock: Pick<Clock, 'wallNs'>;
}

/** The parameters of one of medkit's nodes, offered by six services, with changes published on `/parameter_events`. */
export interface ParameterServer {
  /** Returns the current value, or `undefined` if the parameter is not declared or not set. */
  get(name: string): ParameterValue | undefined;
  /** Throws `InvalidParameter` if the declaration contradicts itself or the name exists. */
  declare(declaration: ParameterDeclaration): Promise<void>;
  /** Sets all parameters or none, with the same checks as requests. */
  set(parameters: readonly Parameter[]): Promise<ParameterSetResult>;
  close(): Promise<void>;
}

/** Offers parameters on `node`. Throws `InvalidParameter` for a contradictory declaration. */
export async function openParameterServer(
  node: Pick<LocalNode, 'fqn' | 'service' | 'publisher'>,
  { declarations, onSet, clock }: ParameterServerOptions,
): Promise<ParameterServer> {
  const store = new ParameterStore(onSet);
  const added = declarations.map((declaration) => store.declare(declaration));
  await using opened = new AsyncDisposableStack();
  const events = await node.publisher(PARAMETER_EVENTS_TOPIC, PARAMETER_EVENT_TYPE, PARAMETER_EVENTS_QOS);
  opened.defer(() => events.close());

  const publish = async (changes: Omit<ParameterEvent, 'node'>): Promise<void> => {
    if (changes.added.length + changes.changed.length + changes.deleted.length === 0) return;
    await events.publish({
      stamp: timeMessage(clock.wallNs()),
      ...encodeParameterEvent({ node: node.fqn, ...changes }),
    });
  };
  const set = async (parameters: readonly Parameter[]): Promise<ParameterSetResult> => {
    const { result, changes } = store.set(parameters);
    await publish(changes);
    return result;
  };

  const handlers = parameterHandlers(store, set);
  for (const service of Object.keys(PARAMETER_SERVICES) as ParameterService[]) {
    const server = await node.service(`${node.fqn}/${service}`, PARAMETER_SERVICES[service], handlers[service]);
    opened.defer(() => server.close());
  }
  await publish({ added, changed: [], deleted: [] });
  const resources = opened.move();
  return {
    get: (name) => store.get(name),
    declare: async (declaration) => publish({ added: [store.declare(declaration)], changed: [], deleted: [] }),
    set,
    close: () => resources.disposeAsync(),
  };
}

/** Returns the handlers of the services. */
function parameterHandlers(
  store: ParameterStore,
  set: (parameters: readonly Parameter[]) => Promise<ParameterSetResult>,
): Readonly<Record<ParameterService, ServiceHandler>> {
  /** Returns the answers for all names, or none if one name has no answer. */
  const forAll = <T>(request: RosMessage, answerOf: (name: string) => T | undefined): readonly T[] => {
    const names = request['names'] as readonly string[];
    if (names.length > MAX_PARAMETERS_PER_NODE) return [];
    const answers = names.map(answerOf).filter((answer) => answer !== undefined);
    return answers.length === names.length ? answers : [];
  };
  return {
    list_parameters: ({ prefixes, depth }) => ({
      result: { ...store.list({ prefixes: prefixes as readonly string[], depth: Number(depth) }) },
    }),
    get_parameters: (request) => ({ values: forAll(request, (name) => store.get(name)).map(encodeParameterValue) }),
    get_parameter_types: (request) => ({
      types: forAll(request, (name) => store.typeOf(name)).map(encodeParameterType),
    }),
    describe_parameters: (request) => ({
      descriptors: forAll(request, (name) => store.describe(name)).map(encodeParameterDescriptor),
    }),
    set_parameters: async (request) => {
      const results: RosMessage[] = [];
      for (const message of messagesOf(request, 'parameters')) {
        results.push(encodeSetResult(await set([decodeParameter(message)])));
      }
      return { results };
    },
    set_parameters_atomically: async (request) => ({
      result: encodeSetResult(await set(messagesOf(request, 'parameters').map(decodeParameter))),
    }),
  };
}
