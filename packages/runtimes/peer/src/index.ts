export { type ClockEpoch, type ClockHistory, correctedInOrder, correctedMs } from './clock/clock-history.ts';
export { correctionMs } from './clock/clock-offset.ts';
export type { PeerAddress } from './peer-link.ts';
export {
  type MeasuredPeerState,
  type PeerRuntime,
  type PeerState,
  peerRuntime,
} from './peer-runtime.ts';
export { type PeerStream, streamParts } from './peer-stream.ts';
export type { ReplyCache } from './reply-cache.ts';
export { type PeerAdmission, type PeerSettings, staticPeers } from './static-peers.ts';
export { type DirectGateways, type InstanceMemory, type KnownInstance, peerOf } from './tree/direct-gateways.ts';
