export {
  DECLARATION_LIMITS,
  type Declaration,
  type DeclaredApp,
  type DeclaredFault,
  type DeclaredPlace,
  type DeclaredPort,
  type PortType,
} from './declaration/declaration.ts';
export { readDeclaration } from './declaration/read-declaration.ts';
export type { FaultResult, ReceivedFault } from './message/fault-result.ts';
export { portValue } from './message/port-value.ts';
export type { IngestCounts } from './receiver/ingest-counts.ts';
export {
  type IngestListener,
  type IngestReceiver,
  type IngestReceiverOptions,
  ingestReceiver,
  type ReceivedState,
} from './receiver/ingest-receiver.ts';
export type { SessionMark } from './receiver/session-order.ts';
export { type IngestAddress, ingestAddress } from './transport/ingest-address.ts';
export { missingKeyProblem, readIngestKey } from './transport/ingest-key.ts';
export {
  type IngestListenerOptions,
  type OpenIngestListener,
  openIngestListener,
  type TransportCounts,
} from './transport/ingest-listener.ts';
export { type IngestSender, type IngestSenderOptions, openIngestSender } from './transport/ingest-sender.ts';
export { type IngestWriter, type IngestWriterOptions, ingestWriter } from './writer/ingest-writer.ts';
