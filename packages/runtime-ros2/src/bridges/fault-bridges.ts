import type { RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { ActionBridge } from './action-bridge.ts';
import type { ActionRules } from './action-outcome.ts';
import type { BridgeContext } from './bridge-context.ts';
import { DiagnosticsBridge, type DiagnosticsBridgeSettings } from './diagnostics-bridge.ts';
import { LogBridge, type LogBridgeSettings } from './log-bridge.ts';

/** What is made a fault of besides what reporters say; each is left out where it is absent. */
export interface BridgeSettings {
  readonly diagnostics?: DiagnosticsBridgeSettings;
  readonly logs?: LogBridgeSettings;
  readonly actions?: ActionRules;
}

/** The bridges from what every ROS 2 robot tells anyway to faults. */
export interface FaultBridges {
  /** To be called when the use of a topic has changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void;
  /** To be called with every `rcl_interfaces/msg/Log`. */
  logged(message: RosMessage): void;
  close(): Promise<void>;
}

export function openFaultBridges(context: BridgeContext, { diagnostics, logs, actions }: BridgeSettings): FaultBridges {
  const diagnosticsBridge = diagnostics && new DiagnosticsBridge(context, diagnostics);
  const logBridge = logs && new LogBridge(context, logs);
  const actionBridge = actions && new ActionBridge(context, actions);
  return {
    topicChanged: (topic, use) => actionBridge?.topicChanged(topic, use),
    logged: (message) => logBridge?.take(message),
    close: async () => {
      await Promise.all([diagnosticsBridge?.close(), actionBridge?.close()]);
    },
  };
}
