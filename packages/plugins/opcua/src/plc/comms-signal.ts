import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { PlcOptions } from '../options/plc-options.ts';
import type { LinkState } from '../session/plc-link.ts';

/** What is known of a PLC whether it answers or not. */
export interface SilentPlc {
  readonly component: { readonly id: string; readonly name: string };
  readonly options: Pick<PlcOptions, 'endpointUrl' | 'commsLost'>;
  readonly connection: LinkState;
}

/** That the fault of a PLC that cannot be reached begins, or is over. */
export function commsSignal(
  { component, options, connection }: SilentPlc,
  code: string,
  kind: AlarmSignal['kind'],
): AlarmSignal {
  const { problem = 'the connection is lost' } = connection;
  return {
    code,
    entityId: component.id,
    kind,
    severity: options.commsLost.severity as AlarmSignal['severity'],
    message: kind === 'raise' ? `${component.name} at ${options.endpointUrl} does not answer: ${problem}` : '',
  };
}
