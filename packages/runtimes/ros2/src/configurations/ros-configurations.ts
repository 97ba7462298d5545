import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type ConfigurationChange,
  type ConfigurationEntry,
  type ConfigurationProvider,
  type ConfigurationReset,
  type ExternalConfigurationChange,
  type JsonValue,
  nearestName,
} from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import {
  type GraphDiff,
  type KnownParameter,
  type LocalNode,
  type Parameter,
  type ParameterService,
  type ParameterValue,
  parameterToJson,
  type RosNode,
} from '@medkit/ros2';
import { outcomeUnknown } from '../call-failure.ts';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';
import { configurationEntry } from './configuration-entry.ts';
import type { ExternalChanges } from './external-changes.ts';
import { FirstValues } from './first-values.ts';
import { sameValue } from './parameter-equality.ts';
import { ParameterNodes, type ParameterNodesOptions, unavailable } from './parameter-nodes.ts';
import { parseParameterValue, setFailed } from './parse-parameter-value.ts';
import { type SetResult, setAndVerify } from './set-and-verify.ts';

/** The parameters of nodes as configurations. Values are not cached: every read asks the node. */
export class RosConfigurations implements ConfigurationProvider {
  readonly #options: ParameterNodesOptions;
  readonly #nodes: ParameterNodes;
  readonly #firstValues = new FirstValues();
  #seen: ExternalChanges | undefined;

  constructor(options: ParameterNodesOptions) {
    this.#options = options;
    this.#nodes = new ParameterNodes(options);
  }

  /** Counts of the waiting calls and of the reported changes. */
  quotas(): Readonly<Record<string, QuotaFigures>> {
    return {
      waiting_parameter_calls: this.#nodes.figures(),
      ...(this.#seen && { parameter_changes: this.#seen.figures() }),
    };
  }

  async list(nativeId: string, call: CallContext): Promise<readonly ConfigurationEntry[]> {
    if (nativeId === HOST_NATIVE_ID) return [];
    return (await this.#all(this.#nodeOf(nativeId), call)).map(configurationEntry);
  }

  async read(nativeId: string, name: string, call: CallContext): Promise<ConfigurationEntry> {
    const node = this.#nodeOf(nativeId);
    const parameter = await this.#find(node, name, call);
    if (!isDeclared(parameter)) throw await this.#notFound(node, name, call);
    return configurationEntry(parameter);
  }

  async write(nativeId: string, name: string, json: JsonValue, call: CallContext): Promise<ConfigurationChange> {
    const node = this.#nodeOf(nativeId);
    const parameter = await this.#find(node, name, call);
    if (!parameter) throw await this.#notFound(node, name, call);
    requireWritable(parameter);
    const value = parseParameterValue(parameter, json);
    await this.#setOne(node, { name, value }, call);
    return changeOf(parameter.value, value);
  }

  async reset(nativeId: string, name: string, call: CallContext): Promise<ConfigurationChange> {
    const node = this.#nodeOf(nativeId);
    const parameter = await this.#find(node, name, call);
    const value = this.#firstValues.of(node)?.get(name);
    if (!parameter) throw await this.#notFound(node, name, call);
    if (!value) throw new SovdError({ code: 'resource-not-found', message: `The initial value of ${name} is unknown` });
    requireWritable(parameter);
    if (!sameValue(value, parameter.value)) await this.#setOne(node, { name, value }, call);
    return changeOf(parameter.value, value);
  }

  async resetAll(nativeId: string, call: CallContext): Promise<ConfigurationReset> {
    if (nativeId === HOST_NATIVE_ID) return { resetCount: 0, failed: [] };
    const node = this.#nodeOf(nativeId);
    const parameters = await this.#all(node, call);
    const firstValues = this.#firstValues.of(node);
    const unknown = parameters.filter(({ name }) => !firstValues?.has(name));
    const resets = parameters.flatMap(({ name, value: before }) => {
      const value = firstValues?.get(name);
      return value && !sameValue(value, before) ? [{ name, value, before }] : [];
    });
    const results = resets.length > 0 ? await this.#set(node, resets, call) : [];
    const failed = [
      ...unknown.map(({ name }) => ({ name, reason: `${name}: its initial value is unknown` })),
      ...resets.flatMap(({ name }, at) =>
        results[at]?.successful ? [] : [{ name, reason: `${name}: ${errorMessage(results[at])}` }],
      ),
    ];
    const changed = resets
      .filter((_, at) => results[at]?.successful)
      .map(({ name, before, value }) => ({ name, ...changeOf(before, value) }));
    return { resetCount: parameters.length - failed.length, changed, failed };
  }

  /** Reports every later change that this gateway did not make. */
  async observe(
    node: Pick<LocalNode, 'subscribe'>,
    report: (change: ExternalConfigurationChange) => void,
  ): Promise<void> {
    // Imported here because a gateway without auditing does not need it.
    const { ExternalChanges } = await import('./external-changes.ts');
    const { view, clock } = this.#options;
    const firstValue = (of: RosNode, name: string) => this.#firstValues.of(of)?.get(name);
    const seen = new ExternalChanges({ node, view, clock, firstValue, report });
    await seen.start();
    this.#seen = seen;
  }

  /** Follows nodes that appear and leave. */
  graphChanged(diff: Pick<GraphDiff, 'nodes' | 'endpoints'>): void {
    this.#nodes.graphChanged(diff);
    if (this.#seen) for (const fqn of diff.nodes.removed) this.#seen.forget(fqn);
  }

  async close(): Promise<void> {
    await this.#seen?.close();
    await this.#nodes.close();
  }

  #nodeOf(fqn: string): RosNode {
    const node = this.#options.view.node(fqn);
    if (!node) throw unavailable(fqn, 'it is not in the graph');
    return node;
  }

  /** Reads all parameters of a node and stores their first values. */
  async #all(node: RosNode, call: CallContext): Promise<readonly KnownParameter[]> {
    this.#requireService(node, 'list_parameters', 'a parameter can be read by its name alone');
    const parameters = await this.#nodes.ask(node.fqn, call, (client, options) => client.all(options));
    this.#firstValues.remember(node, parameters);
    this.#seen?.read(node, parameters);
    return parameters;
  }

  /**
   * Reads one parameter; `undefined` if the node does not have it. The first request to a node reads all parameters.
   */
  async #find(node: RosNode, name: string, call: CallContext): Promise<KnownParameter | undefined> {
    const isListed = this.#nodes.offers(node.fqn, 'list_parameters');
    if (isListed && !this.#firstValues.of(node)) {
      const found = (await this.#all(node, call)).find((parameter) => parameter.name === name);
      if (found) return found;
    }
    const [parameter] = await this.#nodes.ask(node.fqn, call, (client, options) => client.read([name], options));
    if (isDeclared(parameter)) {
      this.#firstValues.remember(node, [parameter]);
      this.#seen?.read(node, [parameter]);
    }
    return parameter;
  }

  /** Returns the error for a missing parameter, with the nearest name as a suggestion. */
  async #notFound(node: RosNode, name: string, call: CallContext): Promise<SovdError> {
    const isListed = this.#nodes.offers(node.fqn, 'list_parameters');
    const names = isListed ? (await this.#all(node, call)).map((parameter) => parameter.name) : [];
    const nearest = nearestName(name, names);
    const suggestion = nearest === undefined ? '' : `: did you mean '${nearest}'?`;
    return new SovdError({
      code: 'resource-not-found',
      message: `Parameter not found: ${node.fqn} has no '${name}'${suggestion}`,
      parameters: { available_count: names.length, ...(nearest !== undefined && { did_you_mean: nearest }) },
    });
  }

  /** Throws `x-medkit-ros2-node-unavailable` with the name of a service that the node does not offer. */
  #requireService({ fqn }: RosNode, service: ParameterService, consequence: string): void {
    if (this.#nodes.offers(fqn, service)) return;
    throw unavailable(fqn, `it does not offer ${fqn}/${service}: ${consequence}`);
  }

  async #set(node: RosNode, parameters: readonly Parameter[], call: CallContext): Promise<readonly SetResult[]> {
    if (!this.#nodes.offers(node.fqn, 'set_parameters_atomically')) {
      this.#requireService(node, 'set_parameters', 'its parameters can only be read');
    }
    const answered = this.#seen?.setting(node, parameters);
    const results = await this.#nodes.ask(node.fqn, call, (client, options) =>
      setAndVerify({ client, parameters, options, clock: this.#options.clock, deadlineMs: call.deadlineMs }),
    );
    answered?.(results);
    return results;
  }

  async #setOne(node: RosNode, parameter: Parameter, call: CallContext): Promise<void> {
    const [result] = await this.#set(node, [parameter], call);
    if (result?.isOpen) {
      const about = { node: node.fqn, parameter: parameter.name };
      throw outcomeUnknown(new Error(result.reason), `${node.fqn} was asked to set ${parameter.name}`, about);
    }
    if (!result?.successful) throw setFailed(errorMessage(result));
  }
}

/** Omits `before` if the parameter had no value. */
function changeOf(before: ParameterValue, value: ParameterValue): ConfigurationChange {
  const isKnown = before.type !== 'not_set';
  return { type: value.type, value: parameterToJson(value), ...(isKnown && { before: parameterToJson(before) }) };
}

/** A node that allows undeclared parameters describes unknown names too, without a type. */
function isDeclared(parameter: KnownParameter | undefined): parameter is KnownParameter {
  if (!parameter) return false;
  const { value, descriptor } = parameter;
  return value.type !== 'not_set' || descriptor.type !== 'not_set' || descriptor.dynamicTyping;
}

function requireWritable({ name, descriptor }: KnownParameter): void {
  if (!descriptor.readOnly) return;
  const details = `${name} is read-only: it can only be set when its node starts`;
  throw new SovdError({ code: 'x-medkit-ros2-parameter-read-only', message: details, parameters: { details } });
}

function errorMessage(result: SetResult | undefined): string {
  if (result?.isOpen) return `its outcome is unknown: ${result.reason}`;
  return result?.reason || 'its node refused it without a reason';
}
