/** Parameter ids (RTPS 2.5, table 9.12 and 9.14; XTypes 1.3, 7.6.3.2; DDS-RPC 1.0, 7.8.2). */
export const PID_SENTINEL = 0x0001;
export const PID_PARTICIPANT_LEASE_DURATION = 0x0002;
export const PID_TOPIC_NAME = 0x0005;
export const PID_TYPE_NAME = 0x0007;
export const PID_DOMAIN_ID = 0x000f;
export const PID_PROTOCOL_VERSION = 0x0015;
export const PID_VENDOR_ID = 0x0016;
export const PID_RELIABILITY = 0x001a;
export const PID_LIVELINESS = 0x001b;
export const PID_DURABILITY = 0x001d;
export const PID_OWNERSHIP = 0x001f;
export const PID_DEADLINE = 0x0023;
export const PID_PARTITION = 0x0029;
export const PID_LIFESPAN = 0x002b;
export const PID_USER_DATA = 0x002c;
export const PID_UNICAST_LOCATOR = 0x002f;
export const PID_DEFAULT_UNICAST_LOCATOR = 0x0031;
export const PID_METATRAFFIC_UNICAST_LOCATOR = 0x0032;
export const PID_METATRAFFIC_MULTICAST_LOCATOR = 0x0033;
export const PID_HISTORY = 0x0040;
export const PID_EXPECTS_INLINE_QOS = 0x0043;
export const PID_PARTICIPANT_GUID = 0x0050;
export const PID_BUILTIN_ENDPOINT_SET = 0x0058;
export const PID_PROPERTY_LIST = 0x0059;
export const PID_ENDPOINT_GUID = 0x005a;
export const PID_ENTITY_NAME = 0x0062;
export const PID_KEY_HASH = 0x0070;
export const PID_STATUS_INFO = 0x0071;
export const PID_DATA_REPRESENTATION = 0x0073;
export const PID_RELATED_SAMPLE_IDENTITY = 0x0083;
/**
 * The id that Fast DDS writes for `PID_RELATED_SAMPLE_IDENTITY` up to version 2, and the only id that it reads there.
 */
export const PID_RELATED_SAMPLE_IDENTITY_FAST_DDS = 0x800f;
/** DDS-Security 1.1, 7.4.1.4: sent only by participants with security enabled. */
export const PID_IDENTITY_TOKEN = 0x1001;
export const PID_DOMAIN_TAG = 0x4014;

/** A receiver that does not know a parameter with this bit must not use the data (RTPS 2.5, 9.6.2.2.1). */
export const MUST_UNDERSTAND = 0x4000;
