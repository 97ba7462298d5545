/** Maximum message size in bytes: about 100,000 values with their times. A server splits larger answers. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Maximum chunk size for receiving and sending (OPC 10000-6, 7.1.2.3: at least 8192). */
export const MAX_CHUNK_BYTES = 65_536;
/** Maximum chunks of a message: a message of maximum size in the smallest chunks that a server may choose. */
export const MAX_CHUNKS = MAX_MESSAGE_BYTES / 8192 + 1;

/** Time for a TCP connection, and for each step of opening a channel, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 8000;
/** Time for an answer of the server, in milliseconds. The library's minimum is 5000. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** Interval of keep-alive requests to a silent server, in milliseconds. */
export const KEEP_ALIVE_MS = 2500;
/**
 * A server that is silent for this time counts as disconnected, in milliseconds: three keep-alive requests were not
 * answered.
 */
export const SILENCE_MS = 3 * KEEP_ALIVE_MS;
/** How long a server keeps the session of a crashed gateway, in milliseconds. */
export const SESSION_TIMEOUT_MS = 60_000;
/** Lifetime of a channel's keys, in milliseconds: one hour, the example value of OPC 10000-4. */
export const TOKEN_LIFETIME_MS = 3_600_000;
/** Minimum key lifetime that is accepted from a server, in milliseconds: a shorter one would keep both sides busy. */
export const MIN_TOKEN_LIFETIME_MS = 1000;
/** Maximum answers of a connection without a pending request: a few arrive late; more indicate a faulty server. */
export const MAX_STRAY_ANSWERS = 100;

/** Maximum endpoints of a server that are examined. */
export const MAX_ENDPOINTS = 64;
/** Maximum characters of any text from a server: names, units, messages, values. */
export const MAX_TEXT = 4096;
/** Maximum bytes of a certificate with its chain. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;
/** Maximum certificates from a server to the trusted authority. */
export const MAX_CHAIN = 8;
/** Maximum certificates in all trust lists. */
export const MAX_TRUSTED = 1000;
/** Maximum bytes of a revocation list: about 10,000 certificates, parsed in less than half a second. */
export const MAX_REVOCATION_BYTES = 256 * 1024;
/** Maximum revocation list files in all trust lists. */
export const MAX_REVOCATION_FILES = 100;
/** Maximum stored rejected certificates: a hostile server could present a new one each time. */
export const MAX_REFUSED = 100;

/** Operations per request if the server sets no limit or a higher one. */
export const MAX_OPERATIONS = 1000;
/** Changes of a variable that a server queues between two notifications, so that intermediate values are not lost. */
export const VALUE_QUEUE = 10;
/** Events of a notifier that a server queues between two notifications: a plant that trips reports many. */
export const EVENT_QUEUE = 1000;
/** Maximum notifications in an answer: 5000 values are about 200 kB. A server sends the rest with the next. */
export const MAX_NOTIFICATIONS = 5000;
/** Publish requests queued at the server, so that one is available while another is answered. */
export const PUBLISH_REQUESTS = 3;
/** Skipped notifications that are requested again, one at a time; if more are missing, all values are read. */
export const MAX_REPUBLISHED = 16;
/** Average values accepted per second; a faster server waits for publish requests. */
export const MAX_VALUES_PER_S = 50_000;
/** Average events accepted per second, and the maximum burst: further events are dropped and counted. */
export const MAX_EVENTS_PER_S = 500;
export const MAX_EVENT_BURST = 5000;
/** Maximum event fields in addition to those of conditions. */
export const MAX_ASSOCIATED = 64;
/** Maximum conditions that are read at a notifier. */
export const MAX_CONDITIONS = 1000;
/** Maximum arguments of a method. */
export const MAX_ARGUMENTS = 64;
/** Maximum types from a variable to a built-in type. */
export const MAX_TYPE_DEPTH = 16;
/** Maximum devices of a DeviceSet that are searched for a nameplate. */
export const MAX_DEVICES = 64;
/** Maximum namespaces of a server; servers have about a dozen. */
export const MAX_NAMESPACES = 1024;
/** Maximum names of an enumeration. */
export const MAX_NAMES = 1000;
