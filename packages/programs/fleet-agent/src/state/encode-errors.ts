import type { Protocol, RobotState } from '@medkit/vda5050';

type ErrorsAndInformation = Pick<RobotState, 'errors' | 'information'>;

/** State members that the encoder requires and `encodeErrors` drops. */
const EMPTY_STATE: Omit<RobotState, keyof ErrorsAndInformation> = {
  nodes: [],
  edges: [],
  driving: false,
  actions: [],
  instantActions: [],
  battery: { chargePercent: 0, charging: false },
  operatingMode: 'MANUAL',
  safety: { emergencyStop: 'NONE', fieldViolation: false },
};

/** Encodes errors and information in the protocol version, using its state encoder. */
export function encodeErrors(
  protocol: Protocol,
  reported: ErrorsAndInformation,
): { readonly errors: readonly unknown[]; readonly information: readonly unknown[] } {
  const header = { headerId: 0, timestamp: '', version: protocol.version, manufacturer: '', serialNumber: '' };
  const { errors = [], information = [] } = JSON.parse(protocol.encodeState(header, { ...EMPTY_STATE, ...reported }));
  return { errors, information };
}
