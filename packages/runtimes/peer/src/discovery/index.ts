export { discoveredKeys } from '../static-peers.ts';
export { type Announcer, type AnnouncerOptions, openAnnouncer } from './announcer.ts';
export { type Browser, openBrowser } from './browser.ts';
export { type DiscoveredPeers, discoveredPeers, type PendingPeer } from './discovered-peers.ts';
export { isOnNetwork, type LocalLink, openLocalLink, type Scope } from './local-link.ts';
