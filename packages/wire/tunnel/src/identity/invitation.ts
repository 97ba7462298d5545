import { createHash } from 'node:crypto';
import type { Random } from '@medkit/edges';
import { base32, normalBase32 } from './base32.ts';
import { FINGERPRINT_CHARS } from './identity.ts';

/** Characters of the code of an invitation: 80 bits. */
const CODE_CHARS = 16;
/** Check characters, 20 bits: a typing error is found before the robot dials. */
const CHECK_CHARS = 4;
/** Characters of a group, for people who type the link. */
const GROUP_CHARS = 4;
/** Maximum length of a link. */
const MAX_LINK_CHARS = 2048;
/** Names of roles, as in the configuration. */
const ROLE = /^[a-z][a-z0-9_-]{0,31}$/;
/** Path of the route where a hub accepts uplinks. */
const UPLINK_PATH = 'api/v1/x-medkit-fleet/uplink';

/** The invitation of a robot, as its link contains it. */
export interface Invitation {
  /** Address of the hub, `https://hub.example.com/`; `http:` only in a lab. */
  readonly url: string;
  /** 16 characters. Only the hub with the key of the fingerprint may read it. */
  readonly code: string;
  readonly hubFingerprint: string;
  /** Role that the hub requests on the robot; absent for the usual one. */
  readonly role?: string;
}

/** A link that is not an invitation. The message contains the remedy. */
export class InvalidInvitation extends Error {
  override readonly name = 'InvalidInvitation';
}

/** Creates the code of an invitation. */
export const newInvitationCode = (random: Pick<Random, 'bytes'>): string => base32(random.bytes(10), CODE_CHARS);

/**
 * Returns the link of an invitation: `https://hub.example.com/#7KQ2-9FXM-…`. The part after `#` has the code, four check
 * characters and the fingerprint of the hub, then the role if there is one: `…-HB3N.configurator`. Browsers send it to no
 * server.
 */
export function invitationLink({ url, code, hubFingerprint, role }: Invitation): string {
  const text = code + checkOf(code, hubFingerprint, role) + hubFingerprint;
  const groups = text.match(new RegExp(`.{1,${GROUP_CHARS}}`, 'g')) ?? [];
  return `${hubAddress(new URL(url))}#${groups.join('-')}${role === undefined ? '' : `.${role}`}`;
}

/** Reads the link of an invitation. Throws `InvalidInvitation`. */
export function readInvitation(link: string): Invitation {
  const url = link.length <= MAX_LINK_CHARS ? URL.parse(link) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw new InvalidInvitation('this is not the link of an invitation, such as https://hub.example.com/#7KQ2-9FXM-…');
  }
  const [typed = '', ...rest] = decoded(url.hash.slice(1)).split('.');
  const role = rest.length === 0 ? undefined : rest.join('.').trim().toLowerCase();
  const text = normalBase32(typed);
  const expected = CODE_CHARS + CHECK_CHARS + FINGERPRINT_CHARS;
  if (text === undefined || text.length !== expected) {
    const found = text === undefined ? 'another character' : `${text.length}`;
    const quotes = 'copy the whole link, in quotes';
    throw new InvalidInvitation(`the link must have ${expected} letters and digits after #, found ${found}: ${quotes}`);
  }
  if (role !== undefined && !ROLE.test(role)) {
    throw new InvalidInvitation('the link ends with a point that no role follows: copy the whole link, in quotes');
  }
  const code = text.slice(0, CODE_CHARS);
  const hubFingerprint = text.slice(CODE_CHARS + CHECK_CHARS);
  if (text.slice(CODE_CHARS, CODE_CHARS + CHECK_CHARS) !== checkOf(code, hubFingerprint, role)) {
    throw new InvalidInvitation('the check characters of the link do not match: a character after # is wrong');
  }
  return { url: hubAddress(url), code, hubFingerprint, ...(role !== undefined && { role }) };
}

/** Returns the address that a robot dials at a hub: `wss://hub.example.com/api/v1/x-medkit-fleet/uplink`. */
export function uplinkAddress(hubUrl: string): string {
  const url = new URL(hubUrl);
  return `${hubAddress(url).replace(/^http/, 'ws')}${UPLINK_PATH}`;
}

/** Returns the address without query and fragment, with a slash at its end. */
const hubAddress = ({ origin, pathname }: URL): string => `${origin}${pathname.replace(/\/*$/, '/')}`;

const checkOf = (code: string, fingerprint: string, role = ''): string =>
  base32(createHash('sha256').update(`${code}${fingerprint}${role}`).digest(), CHECK_CHARS);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
