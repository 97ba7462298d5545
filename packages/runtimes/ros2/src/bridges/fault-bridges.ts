import type { Warning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { ActionBridge } from './action-bridge.ts';
import type { ActionRules } from './action-outcome.ts';
import type { BridgeContext } from './bridge-context.ts';
import { DiagnosticsBridge, type DiagnosticsBridgeSettings } from './diagnostics-bridge.ts';
import { LogBridge, type LogBridgeSettings } from './log-bridge.ts';
import { BRIDGE_KINDS, type BridgeKind, isMedkitNode, otherBridges } from './other-bridges.ts';

/** Settings of the bridges; a bridge without settings is off. */
export interface BridgeSettings {
  readonly diagnostics?: DiagnosticsBridgeSettings;
  readonly logs?: LogBridgeSettings;
  readonly actions?: ActionRules;
}

const DIAGNOSTICS_TOPIC = '/diagnostics';

/** The bridges that turn diagnostics, logs and action statuses of ROS 2 nodes into faults. */
export interface FaultBridges {
  /** Called when nodes or endpoints of the graph have changed. */
  graphChanged(): void;
  /** Called when the publishers or subscribers of a topic have changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void;
  /** Called with every `rcl_interfaces/msg/Log` and the GID of its publisher. */
  logged(message: RosMessage, gid: string): void;
  /** Warnings about possible faults that were not reported, for `/health`. */
  warnings(): readonly Warning[];
  /** State of each bridge, for `/health`. */
  figures(): Readonly<Record<BridgeKind, BridgeFigures>>;
  /** Counts of their bounded collections, for `/health`. */
  quotas(): Readonly<Record<string, QuotaFigures>>;
  close(): Promise<void>;
}

/** `stood_back`: a node of the robot does the same. The bridge is inactive while that node exists. */
export interface BridgeFigures {
  readonly state: 'active' | 'off' | 'stood_back';
  /** The node of the robot that replaces the bridge. */
  readonly for?: string;
}

export function openFaultBridges(
  context: Omit<BridgeContext, 'other' | 'isMedkit'>,
  settings: BridgeSettings,
): FaultBridges {
  const { view, log, manager } = context;
  const look = () => otherBridges(view, manager, settings.diagnostics?.topic ?? DIAGNOSTICS_TOPIC);
  let others = look();
  const common: BridgeContext = {
    ...context,
    other: (kind) => others.get(kind)?.[0],
    isMedkit: (fqn) => [...others.values()].flat().includes(fqn) || isMedkitNode(view, manager, fqn),
  };
  const diagnosticsBridge = settings.diagnostics && new DiagnosticsBridge(common, settings.diagnostics);
  const logBridge = settings.logs && new LogBridge(common, settings.logs);
  const actionBridge = settings.actions && new ActionBridge(common, settings.actions);
  return {
    graphChanged: () => {
      const before = others;
      others = look();
      for (const kind of BRIDGE_KINDS) {
        const [was, is] = [before.get(kind)?.[0], others.get(kind)?.[0]];
        if (was === is || settings[kind] === undefined) continue;
        log(
          'info',
          is === undefined ? `${was} left the graph: medkit reports faults for ${kind} again` : leftTo(is, kind),
        );
      }
    },
    topicChanged: (topic, use) => {
      diagnosticsBridge?.topicChanged(topic);
      actionBridge?.topicChanged(topic, use);
    },
    logged: (message, gid) => logBridge?.take(message, gid),
    warnings: () => diagnosticsBridge?.warnings() ?? [],
    quotas: () => ({
      ...(diagnosticsBridge && { waiting_diagnostics: diagnosticsBridge.figures() }),
      ...(logBridge && { log_cooldowns: logBridge.figures() }),
      ...(actionBridge && { followed_actions: actionBridge.figures() }),
    }),
    figures: () => {
      const figures = BRIDGE_KINDS.map((kind): [BridgeKind, BridgeFigures] => {
        const other = others.get(kind)?.[0];
        if (settings[kind] === undefined) return [kind, { state: 'off' }];
        return [kind, other === undefined ? { state: 'active' } : { state: 'stood_back', for: other }];
      });
      return Object.fromEntries(figures) as Record<BridgeKind, BridgeFigures>;
    },
    close: async () => {
      await Promise.all([diagnosticsBridge?.close(), actionBridge?.close()]);
    },
  };
}

function leftTo(node: string, kind: BridgeKind): string {
  return `${node} already reports faults for ${kind}: medkit does not report them`;
}
