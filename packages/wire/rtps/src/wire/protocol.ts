/** The version that this package writes (RTPS 2.5, 8.6: 2.4). It reads every 2.x. */
export const PROTOCOL_MAJOR = 2;
export const PROTOCOL_MINOR = 4;

/**
 * medkit's vendor id. The OMG assigns ids upwards from 01.01 and has used less than 01.20. With another vendor's id,
 * that vendor's peers would apply their special cases to medkit.
 */
export const MEDKIT_VENDOR = 0x014d;

/** Returns the four hex digits that the API uses for a vendor. */
export const vendorName = (vendor: number): string => vendor.toString(16).padStart(4, '0');

export const MESSAGE_HEADER_BYTES = 20;
export const SUBMESSAGE_HEADER_BYTES = 4;

/** SubmessageKind (RTPS 2.5, 9.4.5.1.1). */
export const PAD = 0x01;
export const ACKNACK = 0x06;
export const HEARTBEAT = 0x07;
export const GAP = 0x08;
export const INFO_TS = 0x09;
export const INFO_SRC = 0x0c;
export const INFO_REPLY_IP4 = 0x0d;
export const INFO_DST = 0x0e;
export const INFO_REPLY = 0x0f;
export const NACK_FRAG = 0x12;
export const HEARTBEAT_FRAG = 0x13;
export const DATA = 0x15;
export const DATA_FRAG = 0x16;

/** Flag of every submessage: little endian. */
export const FLAG_ENDIANNESS = 0x01;
/** DATA and DATA_FRAG: inline QoS is present. */
export const FLAG_INLINE_QOS = 0x02;
/** DATA: a payload is present. */
export const FLAG_DATA = 0x04;
/** DATA: the payload is the serialised key. */
export const FLAG_DATA_KEY = 0x08;
/** DATA_FRAG: the payload is the serialised key. */
export const FLAG_FRAG_KEY = 0x04;
/** HEARTBEAT and ACKNACK: no answer is requested. */
export const FLAG_FINAL = 0x02;
/** HEARTBEAT: only asserts the writer's liveliness. */
export const FLAG_LIVELINESS = 0x04;
/** INFO_TS: the timestamp is invalidated. */
export const FLAG_INVALIDATE = 0x02;
/** INFO_REPLY: a multicast locator list follows. */
export const FLAG_MULTICAST = 0x02;
