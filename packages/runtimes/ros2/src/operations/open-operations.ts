import {
  errorMessage,
  type Log,
  type OperationChange,
  type OperationProvider,
  type ServiceCallEnd,
} from '@medkit/core';
import type { Clock, QuotaFigures, Random } from '@medkit/edges';
import { type GraphDiff, goalServiceOf, type LocalNode, openActionClient, type RosAdapter } from '@medkit/ros2';
import type { TypeInfos } from '../data/type-infos.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { NewNodes } from '../graph/new-nodes.ts';
import { actionServers } from './action-servers.ts';
import { actionServerAt, serversAt } from './named-server.ts';
import { OperationTypes } from './operation-types.ts';
import { RosActions } from './ros-actions.ts';
import { rosOperations } from './ros-operations.ts';
import { ServiceCalls } from './service-calls.ts';

export interface OperationSettings {
  /** `service_call_timeout_sec` in milliseconds: how long a service or action server may take to answer. */
  readonly serviceCallTimeoutMs: number;
}

export interface OpenOperationsOptions {
  /** The node of medkit that sends the calls. */
  readonly node: LocalNode;
  readonly adapter: Pick<RosAdapter, 'encode' | 'decode' | 'toJson'>;
  /** The current graph. */
  readonly view: GraphView;
  readonly newNodes: NewNodes;
  readonly typeInfos: TypeInfos;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: OperationSettings;
  /** Called with every new status of an execution. */
  readonly changed: (change: OperationChange) => void;
  /** Called with the result of every service call. */
  readonly serviceCalled: (call: ServiceCallEnd) => void;
}

/** The operations of a running runtime. */
export interface OpenOperations {
  readonly provider: Required<OperationProvider>;
  /** Handles action servers that leave. */
  graphChanged(diff: Pick<GraphDiff, 'endpoints'>): void;
  /** Goals continue, but are no longer followed. */
  close(): Promise<void>;
  /** Counts of the running service calls. */
  figures(): QuotaFigures;
}

export function openOperations(options: OpenOperationsOptions): OpenOperations {
  const { node, adapter, view, newNodes, clock, random, log } = options;
  const callTimeoutMs = options.settings.serviceCallTimeoutMs;
  const types = new OperationTypes(options);
  const services = new ServiceCalls({
    ...{ node, adapter, types, clock, log, callTimeoutMs, ended: options.serviceCalled },
    serversAt: (fqn, service) => serversAt(view, fqn, service),
  });
  const openClient = (action: string, type: string, of: string | undefined) =>
    openActionClient(node, {
      action,
      type,
      ...(of !== undefined && { server: actionServerAt(view, of) }),
      random,
      onFailure: (error) => log('warn', `A message of ${action} could not be processed: ${errorMessage(error)}`),
    });
  const serversOf = actionServers(view);
  const changed = (operationId: string, executionId: string, status: string): void => {
    for (const nativeId of serversOf(operationId)) options.changed({ nativeId, operationId, executionId, status });
  };
  const actions = new RosActions({ openClient, adapter, types, clock, log, callTimeoutMs, changed });
  return {
    figures: () => services.figures(),
    provider: rosOperations({ view, newNodes, types, services, actions }),
    graphChanged: ({ endpoints }) => {
      if (endpoints.removed.length > 0) actions.giveUpUnless((action, by) => isOffered(view, action, by));
    },
    close: async () => {
      await Promise.all([services.close(), actions.close()]);
    },
  };
}

/** Returns whether an action is offered; if a node is given, by that node. */
function isOffered(view: GraphView, action: string, by: string | undefined): boolean {
  for (const { node } of view.serversOf(goalServiceOf(action))) if (by === undefined || node === by) return true;
  return false;
}
