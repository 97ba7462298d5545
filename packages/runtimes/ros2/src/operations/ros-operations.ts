import { SovdError } from '@medkit/contract';
import type { CallContext, OperationEntry, OperationProvider } from '@medkit/core';
import type { GraphView } from '../graph/graph-view.ts';
import type { NewNodes } from '../graph/new-nodes.ts';
import { goalSummary } from './goal-execution.ts';
import { operationAt } from './named-server.ts';
import type { OperationTypes } from './operation-types.ts';
import type { RosActions } from './ros-actions.ts';
import { operationsAmong, type RosOperation } from './ros-operation.ts';
import type { ServiceCalls } from './service-calls.ts';

/** Capabilities of an action's execution besides starting it. */
const SUPPORTED_CAPABILITIES = ['stop'];
/** Capabilities of ISO 17978-3 without an equivalent in ROS. */
const UNSUPPORTED_CAPABILITIES = ['freeze', 'reset'];

export interface RosOperationsOptions {
  readonly view: Pick<GraphView, 'servicesOf' | 'serversOf'>;
  readonly newNodes: NewNodes;
  readonly types: OperationTypes;
  readonly services: ServiceCalls;
  readonly actions: RosActions;
}

/** The services and actions of the graph's nodes as operations. */
export function rosOperations({
  view,
  newNodes,
  types,
  services,
  actions,
}: RosOperationsOptions): Required<OperationProvider> {
  // A node is listed before its services are known, so a request for one waits until it is.
  const operationOf = async (nativeId: string, operationId: string, call: CallContext): Promise<RosOperation> => {
    const look = () => operationsAmong(view.servicesOf(nativeId)).get(operationId);
    const operation = await newNodes.find(nativeId, call, look);
    if (!operation) throw new SovdError({ code: 'operation-not-found' });
    return operationAt(view, nativeId, operation);
  };
  const actionOf = async (nativeId: string, operationId: string, call: CallContext): Promise<RosOperation> => {
    const operation = await operationOf(nativeId, operationId, call);
    if (operation.kind === 'action') return operation;
    throw new SovdError({ code: 'resource-not-found', message: 'Execution not found' });
  };

  return {
    list: async (nativeId) => {
      const entries: OperationEntry[] = [];
      for (const operation of operationsAmong(view.servicesOf(nativeId)).values()) {
        entries.push(await entryOf(operation, types));
      }
      return entries;
    },
    appears: async (nativeId, name, call) => {
      const look = () => [...operationsAmong(view.servicesOf(nativeId)).values()].find((each) => isCalled(each, name));
      return (await newNodes.find(nativeId, call, look)) !== undefined;
    },
    invoke: async (nativeId, operationId, request, call) => {
      const operation = await operationOf(nativeId, operationId, call);
      assertType(operation, request.type);
      if (operation.kind === 'action') return { execution: await actions.send(operation, request, call) };
      return { answer: await services.call(operation, request, call) };
    },
    executions: async (nativeId, operationId, call) => {
      const operation = await operationOf(nativeId, operationId, call);
      return operation.kind === 'action' ? actions.executions(operation, call) : [];
    },
    recent: async (nativeId, call) => {
      const operations = [...operationsAmong(view.servicesOf(nativeId)).values()];
      const queried = operations
        .filter(({ kind }) => kind === 'action')
        .map((action) => operationAt(view, nativeId, action));
      const outcomes = await Promise.allSettled(queried.map((action) => actions.recent(action, call)));
      const shortNames = uniqueShortNames(operations);
      return queried.flatMap((action, at) => {
        const outcome = outcomes[at];
        const name = shortNames.get(action.name);
        // An action whose server does not answer has no goals to list.
        return outcome?.status !== 'fulfilled'
          ? []
          : outcome.value.map((goal) => ({
              operationId: action.name,
              ...(name !== undefined && { name }),
              execution: goalSummary(action, goal),
            }));
      });
    },
    execution: async (nativeId, operationId, executionId, call) =>
      actions.execution(await actionOf(nativeId, operationId, call), executionId, call),
    control: async (nativeId, operationId, executionId, capability, call) => {
      const operation = await actionOf(nativeId, operationId, call);
      if (capability === 'stop') return actions.cancel(operation, executionId, call);
      return refuse(actions, operation, executionId, capability, call);
    },
  };
}

async function entryOf(operation: RosOperation, types: OperationTypes): Promise<OperationEntry> {
  const { kind, name, type } = operation;
  const typeInfo = await types.schemasOf(operation);
  return {
    id: name,
    name: shortName(name),
    asynchronous: kind === 'action',
    shared: true,
    terms: { ros2: { kind, [kind]: name, type } },
    ...(typeInfo && { typeInfo }),
  };
}

/** Returns whether a client's name can refer to the operation. */
function isCalled({ name }: RosOperation, requested: string): boolean {
  return name === requested || name === `/${requested}` || shortName(name) === requested;
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Returns the unique short names of operations, by full name. */
function uniqueShortNames(operations: readonly RosOperation[]): ReadonlyMap<string, string> {
  const byShortName = Map.groupBy(operations, ({ name }) => shortName(name));
  return new Map(
    [...byShortName].flatMap(([short, [first, ...more]]) => (first && more.length === 0 ? [[first.name, short]] : [])),
  );
}

/** With DDS, an operation is only reachable by its exact type: with another type the client would wait in vain. */
function assertType({ name, type }: RosOperation, requested: string | undefined): void {
  if (requested === undefined || requested === type) return;
  throw new SovdError({
    code: 'invalid-parameter',
    message: `${name} has the type ${type}, not ${requested}. Correct or omit "type"`,
    parameters: { type: requested, expected_type: type },
  });
}

async function refuse(
  actions: RosActions,
  operation: RosOperation,
  executionId: string,
  capability: string,
  call: CallContext,
): Promise<never> {
  const parameters = { capability, supported_capabilities: SUPPORTED_CAPABILITIES };
  if (capability === 'execute') {
    const { status } = await actions.execution(operation, executionId, call);
    const message = `Cannot execute a goal again: this one is ${status}. Create a new execution with POST instead`;
    throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters });
  }
  const message = UNSUPPORTED_CAPABILITIES.includes(capability)
    ? 'Capability not supported for ROS 2 actions'
    : 'Unknown capability';
  throw new SovdError({ code: 'invalid-parameter', message, parameters });
}
