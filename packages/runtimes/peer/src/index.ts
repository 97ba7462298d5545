export {
  type DirectGateways,
  type MeasuredPeerState,
  type PeerRuntime,
  type PeerState,
  peerRuntime,
} from './peer-runtime.ts';
export { type PeerAdmission, type PeerSettings, staticPeers } from './static-peers.ts';
