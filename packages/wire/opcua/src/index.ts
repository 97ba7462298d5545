export { PlcError, PlcRefused, PlcUnreachable } from './plc-error.ts';
export type { EventSource, PlcEvent, ReadCondition } from './plc-event.ts';
export type { LinkListener, LinkState, PlcLink } from './plc-link.ts';
export type { PlcQuality, PlcReading, PlcScalar } from './plc-reading.ts';
export type {
  BrowsedNode,
  ChangedValues,
  MethodArgument,
  MethodResult,
  PlcSession,
  ServerFacts,
  ValueRange,
  VariableFacts,
} from './plc-session.ts';
export { certificateProblems } from './security/certificate-demands.ts';
export { checkSecurity } from './security/check-security.ts';
export { type GeneratedCertificate, writeClientCertificate } from './security/client-certificate-files.ts';
export { POLICIES, type SecurityMode, type SecurityOptions, type UserOptions } from './security/security-options.ts';
export { openPlcLink } from './session/open-plc-link.ts';
export { canonicalNodeId, type NodeIdParts, OPC_UA_URI, parseNodeId, printNodeId } from './values/node-id.ts';
