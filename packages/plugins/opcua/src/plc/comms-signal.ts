import type { LinkState } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { PlcOptions } from '../options/plc-options.ts';

/** Properties of a PLC that are known without a connection. */
export interface SilentPlc {
  readonly component: { readonly id: string; readonly name: string };
  readonly options: Pick<PlcOptions, 'endpointUrl' | 'commsLost'>;
  readonly connection: LinkState;
}

/** Creates the signal that the fault of an unreachable PLC starts or ends. */
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
