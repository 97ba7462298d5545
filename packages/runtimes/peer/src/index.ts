export { type ClockEpoch, type ClockHistory, correctedInOrder } from './clock/clock-history.ts';
export { correctionMs } from './clock/clock-offset.ts';
export { pickedHeaders, returnedHeaders } from './forward-request.ts';
export type { PeerAddress } from './peer-link.ts';
export {
  type MeasuredPeerState,
  type PeerRuntime,
  type PeerState,
  peerRuntime,
} from './peer-runtime.ts';
export { streamParts } from './peer-stream.ts';
export type { ReplyCache } from './reply-cache.ts';
export { staticPeers } from './static-peers.ts';
export { type DirectGateways, type InstanceMemory, type KnownInstance, peerOf } from './tree/direct-gateways.ts';
export { listsOf, treeIn } from './tree/tree-items.ts';
