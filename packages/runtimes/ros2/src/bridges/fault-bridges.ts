import type { RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { ActionBridge } from './action-bridge.ts';
import type { ActionRules } from './action-outcome.ts';
import type { BridgeContext } from './bridge-context.ts';
import { DiagnosticsBridge, type DiagnosticsBridgeSettings } from './diagnostics-bridge.ts';
import { LogBridge, type LogBridgeSettings } from './log-bridge.ts';
import { BRIDGE_KINDS, type BridgeKind, otherBridges } from './other-bridges.ts';

/** What is made a fault of besides what reporters say; each is left out where it is absent. */
export interface BridgeSettings {
  readonly diagnostics?: DiagnosticsBridgeSettings;
  readonly logs?: LogBridgeSettings;
  readonly actions?: ActionRules;
}

/** The bridges from what every ROS 2 robot tells anyway to faults. */
export interface FaultBridges {
  /** To be called when the nodes of the graph have changed. */
  nodesChanged(): void;
  /** To be called when the use of a topic has changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void;
  /** To be called with every `rcl_interfaces/msg/Log`. */
  logged(message: RosMessage): void;
  /** How each of them stands, for `/health`. */
  figures(): Readonly<Record<BridgeKind, BridgeFigures>>;
  close(): Promise<void>;
}

/** `stood_back`: a node of the robot does the same, and is left to it as long as it is there. */
export interface BridgeFigures {
  readonly state: 'active' | 'off' | 'stood_back';
  /** That node. */
  readonly for?: string;
}

export function openFaultBridges(context: Omit<BridgeContext, 'other'>, settings: BridgeSettings): FaultBridges {
  const { view, log } = context;
  let others = otherBridges(view);
  const common: BridgeContext = { ...context, other: (kind) => others.get(kind) };
  const diagnosticsBridge = settings.diagnostics && new DiagnosticsBridge(common, settings.diagnostics);
  const logBridge = settings.logs && new LogBridge(common, settings.logs);
  const actionBridge = settings.actions && new ActionBridge(common, settings.actions);
  return {
    nodesChanged: () => {
      const before = others;
      others = otherBridges(view);
      for (const kind of BRIDGE_KINDS) {
        const [was, is] = [before.get(kind), others.get(kind)];
        if (was === is || settings[kind] === undefined) continue;
        log('info', is === undefined ? `${was} is gone: medkit makes faults of ${kind} again` : leftTo(is, kind));
      }
    },
    topicChanged: (topic, use) => {
      diagnosticsBridge?.topicChanged(topic);
      actionBridge?.topicChanged(topic, use);
    },
    logged: (message) => logBridge?.take(message),
    figures: () => {
      const figures = BRIDGE_KINDS.map((kind): [BridgeKind, BridgeFigures] => {
        const other = others.get(kind);
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
  return `${node} makes faults of ${kind} already: medkit leaves that to it`;
}
