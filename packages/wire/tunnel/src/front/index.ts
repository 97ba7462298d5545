export { UPLINK_PROTOCOL } from '../carrier/carrier.ts';
export { type HeldUplink, type HeldUplinks, type HeldUplinksOptions, heldUplinks } from './held-uplinks.ts';
export { type AnnouncedUplink, type HubLink, type HubLinkOptions, openHubLink } from './hub-link.ts';
export { openStandbyLink, type StandbyLink } from './standby-link.ts';
