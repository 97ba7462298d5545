/** Default parameters of the port mapping (RTPS 2.5, 9.6.1.1). */
const PORT_BASE = 7400;
const DOMAIN_GAIN = 250;
const PARTICIPANT_GAIN = 2;
const METATRAFFIC_UNICAST_OFFSET = 10;
const USER_UNICAST_OFFSET = 11;

export const MAX_DOMAIN_ID = 232;
/** The highest participant id whose ports stay below the next domain's. */
const MAX_PARTICIPANT_ID = (DOMAIN_GAIN - USER_UNICAST_OFFSET - 1) / PARTICIPANT_GAIN;
const MAX_PORT = 65_535;

/** SPDP's well-known multicast group (RTPS 2.5, 9.6.1.4.2). */
export const MULTICAST_GROUP = '239.255.0.1';

/** A domain id or participant id for which there are no ports. */
export class NoSuchPort extends Error {
  override readonly name = 'NoSuchPort';
}

function domainBase(domainId: number): number {
  if (!Number.isInteger(domainId) || domainId < 0 || domainId > MAX_DOMAIN_ID) {
    throw new NoSuchPort(`a domain id is 0 to ${MAX_DOMAIN_ID}, found ${domainId}`);
  }
  return PORT_BASE + DOMAIN_GAIN * domainId;
}

export const multicastPort = (domainId: number): number => domainBase(domainId);

export const metatrafficPort = (domainId: number, participantId: number): number =>
  domainBase(domainId) + METATRAFFIC_UNICAST_OFFSET + PARTICIPANT_GAIN * participantId;

export const userPort = (domainId: number, participantId: number): number =>
  domainBase(domainId) + USER_UNICAST_OFFSET + PARTICIPANT_GAIN * participantId;

/** The purpose of a port according to the mapping. */
export interface WellKnownPort {
  readonly domainId: number;
  readonly use: 'discovery multicast' | 'discovery unicast' | 'user multicast' | 'user unicast';
}

/** Returns the domain and purpose of a port, or `undefined` if no domain uses it. */
export function wellKnownPort(port: number): WellKnownPort | undefined {
  const domainId = Math.floor((port - PORT_BASE) / DOMAIN_GAIN);
  if (domainId < 0 || domainId > MAX_DOMAIN_ID) return undefined;
  const offset = port - domainBase(domainId);
  if (offset === 0) return { domainId, use: 'discovery multicast' };
  if (offset === 1) return { domainId, use: 'user multicast' };
  if (offset < METATRAFFIC_UNICAST_OFFSET) return undefined;
  const even = (offset - METATRAFFIC_UNICAST_OFFSET) % PARTICIPANT_GAIN === 0;
  return { domainId, use: even ? 'discovery unicast' : 'user unicast' };
}

/** Returns the highest participant id of a domain. It is lower in the last domains, because ports end at 65535. */
export function lastParticipantId(domainId: number): number {
  const room = Math.floor((MAX_PORT - userPort(domainId, 0)) / PARTICIPANT_GAIN);
  return Math.min(Math.floor(MAX_PARTICIPANT_ID), room);
}
