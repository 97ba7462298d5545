import { faultCodeProblem } from '@medkit/faults';
import type { BridgeSettings } from '@medkit/runtime-ros2';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';

/** Returns the configured sources of faults. Throws `StartRefused` for invalid settings. */
export function bridgeSettings(
  config: Pick<GatewayConfig, 'diagnostic_bridge' | 'log_bridge' | 'action_status_bridge'>,
): BridgeSettings {
  const { diagnostic_bridge: diagnostics, log_bridge: logs, action_status_bridge: actions } = config;
  return {
    ...(diagnostics.enabled && {
      diagnostics: {
        topic: diagnostics.diagnostics_topic,
        // An empty source id cannot report faults.
        sourceId: diagnostics.source_id || '/diagnostic_bridge',
        nameToCode: new Map(diagnostics.name_to_code.map(namedCode)),
        keyvalueCodes: diagnostics.keyvalue_codes,
        autoGenerateCodes: diagnostics.auto_generate_codes,
        useHardwareIdAsSourceId: diagnostics.use_hardware_id_as_source_id,
        usePublisherAsSourceId: diagnostics.use_publisher_as_source_id,
      },
    }),
    ...(logs.enabled && {
      logs: {
        severityFloor: logs.severity_floor,
        codePrefix: logs.code_prefix,
        sourceId: logs.source_id,
        excludeNodes: logs.exclude_nodes,
        includeOnlyNodes: logs.include_only_nodes,
        excludeMedkitStack: logs.exclude_medkit_stack,
        cooldownMs: logs.report_cooldown_sec * 1000,
      },
    }),
    ...(actions.enabled && {
      actions: {
        // The setting has the range of severities.
        abortedSeverity: actions.aborted_severity as 0 | 1 | 2 | 3,
        canceledIsFault: actions.canceled_is_fault,
        healOnSucceeded: actions.heal_on_succeeded,
        codePrefix: actions.code_prefix,
        sourceId: actions.source_id,
        excludeActions: actions.exclude_actions,
        includeOnlyActions: actions.include_only_actions,
      },
    }),
  };
}

/** Parses `motor: Status=MOTOR_DEAD`; a name may contain an equals sign, a code cannot. */
function namedCode(text: string): [name: string, code: string] {
  const at = text.lastIndexOf('=');
  const code = text.slice(at + 1).trim();
  const problem = at < 1 ? 'expected name=CODE' : faultCodeProblem(code);
  if (problem !== undefined) throw new StartRefused(`diagnostic_bridge.name_to_code: "${text}": ${problem}`);
  return [text.slice(0, at).trim(), code];
}
