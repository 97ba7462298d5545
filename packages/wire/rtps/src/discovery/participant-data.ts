import type { SocketAddress } from '@medkit/edges';
import { decodeEncapsulation, ENCAPSULATION_BYTES } from '../cdr/encapsulation.ts';
import type { GuidPrefix } from '../model/guid.ts';
import { productVersion, VERSION_PARAMETERS } from '../vendors/vendors.ts';
import { ENTITYID_PARTICIPANT, MEDKIT_BUILTIN_ENDPOINTS } from '../wire/entity-ids.ts';
import { GUID_BYTES, guidOf, hexOf, PREFIX_BYTES, writeGuid } from '../wire/guid-octets.ts';
import { decodeLocator, encodeLocator, LOCATOR_BYTES } from '../wire/locator.ts';
import { MalformedMessage } from '../wire/malformed-message.ts';
import * as pid from '../wire/parameter-ids.ts';
import {
  encodeString,
  type Parameter,
  ParameterListWriter,
  ParameterValue,
  visitParameters,
} from '../wire/parameter-list.ts';
import { MEDKIT_VENDOR, PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../wire/protocol.ts';
import { durationMs, encodeDuration } from '../wire/time.ts';
import { PL_CDR_LE } from './payload.ts';

/** Default lease (RTPS 2.5, 8.5.3.2.1 and table 9.13). */
const DEFAULT_LEASE_MS = 100_000;
/** Minimum lease. A shorter one would expire between two announcements of any real participant. */
const MIN_LEASE_MS = 100;
/** Maximum locators per list: more than a robot has interfaces. */
export const MAX_LOCATORS = 16;
/** Maximum properties. Real lists contain a few short settings; further entries are ignored. */
const MAX_PROPERTIES = 128;

/** Maximum announcement size, which bounds the memory per participant. Real announcements are below one kilobyte. */
const MAX_ANNOUNCEMENT_BYTES = 16 * 1024;

/** SPDPdiscoveredParticipantData (RTPS 2.5, 8.5.3.2). */
export interface ParticipantData {
  readonly guidPrefix: GuidPrefix;
  readonly vendor: number;
  /** Product version, empty if not announced. */
  readonly version: string;
  /** -1 if the participant did not announce it. */
  readonly domainId: number;
  readonly domainTag: string;
  readonly name: string;
  readonly userData: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  readonly builtinEndpoints: number;
  readonly secure: boolean;
  readonly expectsInlineQos: boolean;
  readonly metatrafficUnicast: readonly SocketAddress[];
  readonly metatrafficMulticast: readonly SocketAddress[];
  readonly defaultUnicast: readonly SocketAddress[];
}

/** The local participant's announcement. */
export interface Announcement {
  readonly guidPrefix: GuidPrefix;
  readonly domainId: number;
  readonly name: string;
  readonly userData: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  readonly metatrafficUnicast: readonly SocketAddress[];
  readonly metatrafficMulticast: readonly SocketAddress[];
  readonly defaultUnicast: readonly SocketAddress[];
}

export function encodeParticipantData(announcement: Announcement): Uint8Array {
  const list = new ParameterListWriter();
  list.octets(pid.PID_PROTOCOL_VERSION, Uint8Array.of(PROTOCOL_MAJOR, PROTOCOL_MINOR));
  list.octets(pid.PID_VENDOR_ID, Uint8Array.of(MEDKIT_VENDOR >>> 8, MEDKIT_VENDOR & 255));
  list.words(pid.PID_DOMAIN_ID, announcement.domainId);
  list.octets(pid.PID_PARTICIPANT_GUID, participantGuid(announcement.guidPrefix));
  list.words(pid.PID_BUILTIN_ENDPOINT_SET, MEDKIT_BUILTIN_ENDPOINTS);
  list.words(pid.PID_PARTICIPANT_LEASE_DURATION, ...encodeDuration(announcement.leaseMs));
  const locators = [
    [pid.PID_METATRAFFIC_UNICAST_LOCATOR, announcement.metatrafficUnicast],
    [pid.PID_METATRAFFIC_MULTICAST_LOCATOR, announcement.metatrafficMulticast],
    [pid.PID_DEFAULT_UNICAST_LOCATOR, announcement.defaultUnicast],
  ] as const;
  for (const [id, addresses] of locators) for (const address of addresses) list.octets(id, encodeLocator(address));
  if (announcement.name) list.string(pid.PID_ENTITY_NAME, announcement.name);
  if (announcement.userData.length > 0) list.octetSequence(pid.PID_USER_DATA, announcement.userData);
  const properties = Object.entries(announcement.properties);
  if (properties.length > 0) {
    list.sequence(pid.PID_PROPERTY_LIST, properties.length, properties.flat().map(encodeString));
  }
  return list.finish(PL_CDR_LE);
}

/** Encodes the payload of a participant's dispose: its key only. */
export function encodeParticipantKey(guidPrefix: GuidPrefix): Uint8Array {
  const list = new ParameterListWriter();
  list.octets(pid.PID_PARTICIPANT_GUID, participantGuid(guidPrefix));
  return list.finish(PL_CDR_LE);
}

function participantGuid(guidPrefix: GuidPrefix): Uint8Array {
  const bytes = new Uint8Array(GUID_BYTES);
  writeGuid(bytes, 0, guidOf(guidPrefix, ENTITYID_PARTICIPANT));
  return bytes;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Decodes an announcement or a key-only payload. Throws `MalformedMessage` or `MalformedCdr`. */
export function decodeParticipantData(payload: Uint8Array): ParticipantData {
  if (payload.length > MAX_ANNOUNCEMENT_BYTES) throw new MalformedMessage('participant-too-large');
  const { littleEndian, parameterList } = decodeEncapsulation(payload);
  if (!parameterList) throw new MalformedMessage('participant-encapsulation');
  const metatrafficUnicast: SocketAddress[] = [];
  const metatrafficMulticast: SocketAddress[] = [];
  const defaultUnicast: SocketAddress[] = [];
  const data: Mutable<ParticipantData> = {
    guidPrefix: '',
    vendor: 0,
    version: '',
    domainId: -1,
    domainTag: '',
    name: '',
    userData: new Uint8Array(0),
    properties: {},
    leaseMs: DEFAULT_LEASE_MS,
    builtinEndpoints: 0,
    secure: false,
    expectsInlineQos: false,
    metatrafficUnicast,
    metatrafficMulticast,
    defaultUnicast,
  };
  const vendorSpecific = new Map<number, Uint8Array>();
  visitParameters(payload, ENCAPSULATION_BYTES, payload.length, littleEndian, (parameter) => {
    const value = new ParameterValue(payload, parameter, littleEndian);
    switch (parameter.id) {
      case pid.PID_PARTICIPANT_GUID:
        data.guidPrefix = hexOf(value.octets(PREFIX_BYTES), 0, PREFIX_BYTES);
        break;
      case pid.PID_VENDOR_ID: {
        const octets = value.octets(2);
        data.vendor = (octets[0] << 8) | octets[1];
        break;
      }
      case pid.PID_DOMAIN_ID:
        data.domainId = value.uint32();
        break;
      case pid.PID_DOMAIN_TAG:
        data.domainTag = value.string();
        break;
      case pid.PID_ENTITY_NAME:
        data.name = value.string();
        break;
      case pid.PID_USER_DATA:
        data.userData = value.octetSequence().slice();
        break;
      case pid.PID_PROPERTY_LIST:
        data.properties = decodeProperties(value);
        break;
      case pid.PID_PARTICIPANT_LEASE_DURATION:
        data.leaseMs = Math.max(MIN_LEASE_MS, durationMs(value.uint32(), value.uint32()));
        break;
      case pid.PID_BUILTIN_ENDPOINT_SET:
        data.builtinEndpoints = value.uint32();
        break;
      case pid.PID_IDENTITY_TOKEN:
        // The bits of the secure builtin endpoints are no indication: Fast DDS sets them whenever it was built with
        // security.
        data.secure = true;
        break;
      case pid.PID_EXPECTS_INLINE_QOS:
        data.expectsInlineQos = value.octets(1)[0] !== 0;
        break;
      case pid.PID_METATRAFFIC_UNICAST_LOCATOR:
        collectLocator(metatrafficUnicast, payload, parameter, littleEndian);
        break;
      case pid.PID_METATRAFFIC_MULTICAST_LOCATOR:
        collectLocator(metatrafficMulticast, payload, parameter, littleEndian);
        break;
      case pid.PID_DEFAULT_UNICAST_LOCATOR:
        collectLocator(defaultUnicast, payload, parameter, littleEndian);
        break;
      default:
        // The meaning depends on the vendor, whose id may follow later in the list.
        if (VERSION_PARAMETERS.has(parameter.id))
          vendorSpecific.set(parameter.id, payload.subarray(parameter.start, parameter.end));
    }
  });
  if (data.guidPrefix === '') throw new MalformedMessage('participant-guid');
  data.version = productVersion(data.vendor, vendorSpecific, littleEndian);
  return data;
}

/** Adds a UDPv4 locator to a bounded list. */
export function collectLocator(
  list: SocketAddress[],
  payload: Uint8Array,
  { start, end }: Parameter,
  littleEndian: boolean,
): void {
  if (end - start < LOCATOR_BYTES || list.length >= MAX_LOCATORS) return;
  const address = decodeLocator(payload, start, littleEndian);
  if (address) list.push(address);
}

function decodeProperties(value: ParameterValue): Readonly<Record<string, string>> {
  // Each property has two strings of at least four octets.
  const count = Math.min(value.count(8), MAX_PROPERTIES);
  return Object.fromEntries(Array.from({ length: count }, () => [value.string(), value.string()]));
}
