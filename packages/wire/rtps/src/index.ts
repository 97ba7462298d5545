export { type Capture, type CapturedDatagram, decodeCapture } from './capture/capture.ts';
export { MalformedPcap } from './capture/pcap.ts';
export { type RecordedDatagramsOptions, recordedDatagrams } from './capture/recorded-datagrams.ts';
export type { RecordingOptions } from './capture/recorder.ts';
export { CdrReader, CdrWriter, decodeEncapsulation, type Encapsulation, MalformedCdr } from './cdr/index.ts';
export {
  type AnnouncementSource,
  type DomainWatch,
  type DomainWatchOptions,
  watchDomains,
} from './discovery/domain-watch.ts';
export { HistoryFull } from './history/writer-history.ts';
export type * from './model/api.ts';
export { type Guid, type GuidPrefix, prefixOf } from './model/guid.ts';
export type * from './model/not-understood.ts';
export type * from './model/remote.ts';
export type * from './model/sample.ts';
export { openParticipant } from './participant/open-participant.ts';
export { ParticipantClosed } from './participant/rtps-participant.ts';
export { DEFAULT_QOS } from './qos/defaults.ts';
export type { IncompatiblePolicy, QosPolicies } from './qos/policies.ts';
export { NoSuchInterface } from './transport/interface-choice.ts';
export { NoSuchPort, type WellKnownPort, wellKnownPort } from './transport/ports.ts';
export { NoFreeParticipantId } from './transport/transport.ts';
export { WriterClosed } from './writer/local-writer.ts';
