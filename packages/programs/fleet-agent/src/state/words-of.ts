import type { Protocol, RobotState } from '@medkit/vda5050';

type ToldInWords = Pick<RobotState, 'errors' | 'information'>;

/** Of what is around them in a state nothing is shown. */
const BARE: Omit<RobotState, keyof ToldInWords> = {
  nodes: [],
  edges: [],
  driving: false,
  actions: [],
  instantActions: [],
  battery: { chargePercent: 0, charging: false },
  operatingMode: 'MANUAL',
  safety: { emergencyStop: 'NONE', fieldViolation: false },
};

/** Errors and information as a state of the protocol's version has them: the words of a version are those of its states. */
export function wordsOf(
  protocol: Protocol,
  told: ToldInWords,
): { readonly errors: readonly unknown[]; readonly information: readonly unknown[] } {
  const header = { headerId: 0, timestamp: '', version: protocol.version, manufacturer: '', serialNumber: '' };
  const { errors = [], information = [] } = JSON.parse(protocol.encodeState(header, { ...BARE, ...told }));
  return { errors, information };
}
