import type { LocalNode } from '../adapter/adapter.ts';
import type { CallOptions, ServiceClient } from '../adapter/service.ts';
import { AlreadyClosed, MalformedMessage } from '../errors.ts';
import type { RosMessage } from '../types/message.ts';
import type { ParameterNames, ParameterQuery } from './list-names.ts';
import {
  MAX_PARAMETERS_PER_NODE,
  PARAMETER_SERVICES,
  type Parameter,
  type ParameterDescriptor,
  type ParameterService,
  type ParameterSetResult,
  type ParameterType,
  type ParameterValue,
} from './parameter.ts';
import {
  decodeParameterDescriptor,
  decodeParameterType,
  decodeParameterValue,
  decodeSetResult,
  encodeParameter,
  messagesOf,
} from './parameter-message.ts';

/** A parameter with its value and descriptor. */
export interface KnownParameter extends Parameter {
  readonly descriptor: ParameterDescriptor;
  /** The service whose answer is missing because the node does not offer it. */
  readonly missing?: ParameterService;
}

export interface ParameterClientOptions {
  /** Returns whether the node offers a service. By default all services are called. */
  readonly offers?: (service: ParameterService) => boolean;
}

/**
 * A client of a node's parameters. Errors are those of `ServiceClient.call`; an answer whose number or type does not
 * fit the request is a `MalformedMessage`. `timeoutMs` applies to each call separately, `signal` to all.
 *
 * ROS cannot report one unknown name among several: the node then answers for none of them, represented here as
 * `undefined`.
 */
export interface ParameterClient {
  /** FQN of the node that has the parameters. */
  readonly node: string;
  list(query: ParameterQuery, options: CallOptions): Promise<ParameterNames>;
  get(names: readonly string[], options: CallOptions): Promise<readonly ParameterValue[] | undefined>;
  types(names: readonly string[], options: CallOptions): Promise<readonly ParameterType[] | undefined>;
  describe(names: readonly string[], options: CallOptions): Promise<readonly ParameterDescriptor[] | undefined>;
  /** Sets each parameter separately, so some may be rejected. Returns one result per parameter, in order. */
  set(parameters: readonly Parameter[], options: CallOptions): Promise<readonly ParameterSetResult[]>;
  /** Sets all parameters or none. */
  setAtomically(parameters: readonly Parameter[], options: CallOptions): Promise<ParameterSetResult>;
  /** Reads values and descriptors by name, without undeclared parameters. Makes two calls in parallel. */
  read(names: readonly string[], options: CallOptions): Promise<readonly KnownParameter[]>;
  /** Reads all parameters, sorted by name. Makes three calls, two of them in parallel. */
  all(options: CallOptions): Promise<readonly KnownParameter[]>;
  close(): Promise<void>;
}

/**
 * Maximum calls to find names without an answer, such as a parameter declared without a value. One such name makes the
 * node answer for none. Each call halves the set of names.
 */
const MAX_CALLS_TO_ISOLATE = 256;

/** Opens a client of the parameters of the node `target`. Its services are opened on first use. */
export function openParameterClient(
  node: Pick<LocalNode, 'client'>,
  target: string,
  { offers = () => true }: ParameterClientOptions = {},
): ParameterClient {
  const opened = new Map<ParameterService, Promise<ServiceClient>>();
  let open = true;

  const clientOf = (service: ParameterService): Promise<ServiceClient> => {
    const known = opened.get(service);
    if (known) return known;
    const opening = node.client(`${target}/${service}`, PARAMETER_SERVICES[service]);
    opened.set(service, opening);
    opening.catch(() => opened.delete(service));
    return opening;
  };
  const call = async (service: ParameterService, request: RosMessage, options: CallOptions): Promise<RosMessage> => {
    if (!open) throw new AlreadyClosed(`the parameter client of ${target} is closed`);
    return (await clientOf(service)).call(request, options);
  };
  const requireCount = (what: string, count: number, requested: number): void => {
    if (count !== requested)
      throw new MalformedMessage(`${target} answered with ${count} ${what}, but ${requested} were requested`);
  };
  /** Returns the answers if there is one per name, or `undefined` if a name is unknown. */
  const answersOf = <T>(what: string, names: readonly string[], answers: readonly T[]): readonly T[] | undefined => {
    if (answers.length === 0 && names.length > 0) return undefined;
    requireCount(what, answers.length, names.length);
    return answers;
  };

  const client: ParameterClient = {
    node: target,
    async list({ prefixes = [], depth = 0 }, options) {
      const { result } = await call('list_parameters', { prefixes, depth }, options);
      const { names, prefixes: found } = result as unknown as ParameterNames;
      if (names.length > MAX_PARAMETERS_PER_NODE) {
        throw new MalformedMessage(`${target} lists ${names.length} parameters, more than ${MAX_PARAMETERS_PER_NODE}`);
      }
      return { names, prefixes: found };
    },
    async get(names, options) {
      const response = await call('get_parameters', { names }, options);
      return answersOf('values', names, messagesOf(response, 'values'))?.map(decodeParameterValue);
    },
    async types(names, options) {
      const { types } = await call('get_parameter_types', { names }, options);
      return answersOf('types', names, Array.from(types as Uint8Array))?.map(decodeParameterType);
    },
    async describe(names, options) {
      const response = await call('describe_parameters', { names }, options);
      return answersOf('descriptors', names, messagesOf(response, 'descriptors'))?.map(decodeParameterDescriptor);
    },
    async set(parameters, options) {
      if (!offers('set_parameters') && offers('set_parameters_atomically')) {
        const set: ParameterSetResult[] = [];
        for (const parameter of parameters) set.push(await client.setAtomically([parameter], options));
        return set;
      }
      const response = await call('set_parameters', { parameters: parameters.map(encodeParameter) }, options);
      const results = messagesOf(response, 'results');
      requireCount('results', results.length, parameters.length);
      return results.map(decodeSetResult);
    },
    async setAtomically(parameters, options) {
      const request = { parameters: parameters.map(encodeParameter) };
      return decodeSetResult((await call('set_parameters_atomically', request, options))['result'] as RosMessage);
    },
    async read(names, options) {
      if (!offers('describe_parameters')) {
        const values = await answersByName(names, (some) => client.get(some, options));
        return [...values].map(([name, value]) => undescribedParameter(name, value));
      }
      if (!offers('get_parameters')) {
        const described = await answersByName(names, (some) => client.describe(some, options));
        return [...described].map(([name, descriptor]): KnownParameter => {
          return { name, descriptor, value: { type: 'not_set' }, missing: 'get_parameters' };
        });
      }
      const [values, descriptors] = await Promise.all([
        answersByName(names, (some) => client.get(some, options)),
        answersByName(names, (some) => client.describe(some, options)),
      ]);
      return names.flatMap((name) => {
        const descriptor = descriptors.get(name);
        return descriptor ? [{ name, descriptor, value: values.get(name) ?? { type: 'not_set' } }] : [];
      });
    },
    async all(options) {
      const { names } = await client.list({}, options);
      return client.read([...new Set(names)].sort(), options);
    },
    async close() {
      open = false;
      const clients = await Promise.allSettled(opened.values());
      await Promise.all(clients.map((each) => each.status === 'fulfilled' && each.value.close()));
    },
  };
  return client;
}

/** Returns a parameter of a node without descriptors: the type follows from the value, constraints are unknown. */
function undescribedParameter(name: string, value: ParameterValue): KnownParameter {
  const { type } = value;
  const descriptor = { name, type, description: '', additionalConstraints: '', readOnly: false, dynamicTyping: false };
  return { name, value, descriptor, missing: 'describe_parameters' };
}

/** Returns the answers for all names that have one. If a set has no answer, asks for its halves recursively. */
async function answersByName<T>(
  names: readonly string[],
  ask: (names: readonly string[]) => Promise<readonly T[] | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  const waiting = names.length > 0 ? [names] : [];
  for (let calls = 0; calls < MAX_CALLS_TO_ISOLATE; calls++) {
    const some = waiting.pop();
    if (!some) break;
    const answers = await ask(some);
    if (answers) for (const [at, name] of some.entries()) found.set(name, answers[at] as T);
    else if (some.length > 1) waiting.push(some.slice(some.length / 2), some.slice(0, some.length / 2));
  }
  return found;
}
