/** The largest message that is taken, octets: some 100,000 values with their times. A server that has more to say splits it. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** The largest chunk that is taken and sent (OPC 10000-6, 7.1.2.3: at least 8192). */
export const MAX_CHUNK_BYTES = 65_536;
/** Chunks of one message: a message of the largest size in the smallest chunks that a server may choose. */
export const MAX_CHUNKS = MAX_MESSAGE_BYTES / 8192 + 1;

/** How long a server has for a connection of TCP, and for each step of opening a channel, milliseconds. */
export const CONNECT_TIMEOUT_MS = 8000;
/** How long a server has for an answer, milliseconds. The library takes no less than 5000. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** How often a server that says nothing is asked whether it is there, milliseconds. */
export const KEEP_ALIVE_MS = 2500;
/** A server from which nothing at all was heard for so long is gone, milliseconds: three questions have had no answer. */
export const SILENCE_MS = 3 * KEEP_ALIVE_MS;
/** How long a server is to keep the session of a gateway that died, milliseconds. */
export const SESSION_TIMEOUT_MS = 60_000;
/** How often the keys of a channel are renewed, milliseconds: what OPC 10000-4 gives as an example, an hour. */
export const TOKEN_LIFETIME_MS = 3_600_000;
/** A server that has them renewed more often than this is refused, milliseconds: it would keep both sides busy with it. */
export const MIN_TOKEN_LIFETIME_MS = 1000;
/** Answers that nobody waits for any more, of one connection: a few come late, more is no server. */
export const MAX_STRAY_ANSWERS = 100;

/** Endpoints of a server that are looked at. */
export const MAX_ENDPOINTS = 64;
/** Characters of any text of a server that are taken: names, units, messages, values that are texts. */
export const MAX_TEXT = 4096;
/** Octets of a certificate with its chain. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;
/** Certificates from a server up to the authority that is trusted. */
export const MAX_CHAIN = 8;
/** Certificates of all trust lists together. */
export const MAX_TRUSTED = 1000;
/** Octets of a revocation list: some 10,000 certificates, which are read in less than half a second. */
export const MAX_REVOCATION_BYTES = 256 * 1024;
/** Files of revocation lists of all trust lists together. */
export const MAX_REVOCATION_FILES = 100;
/** Refused certificates that are kept: a hostile server could show another one each time. */
export const MAX_REFUSED = 100;

/** What is asked for in one request where a server sets no limit, or a larger one. */
export const MAX_OPERATIONS = 1000;
/** Requests of one kind that are under way at a time. */
export const MAX_CONTINUATIONS = 10_000;
/** Changes of one variable that a server keeps between two notifications: what happened, not only what is. */
export const VALUE_QUEUE = 10;
/** Events of one notifier that a server keeps between two notifications: a plant that trips has many. */
export const EVENT_QUEUE = 1000;
/** Notifications in one answer: 5000 values are some 200 kB. A server sends the rest with the next. */
export const MAX_NOTIFICATIONS = 5000;
/** Publish requests that wait at the server: one is answered while the other one waits. */
export const PUBLISH_REQUESTS = 3;
/** Skipped notifications that are asked for again, one after the other; where more are missing all values are read anew. */
export const MAX_REPUBLISHED = 16;
/** Values a second that are taken over time; a server that has more waits for its publish requests. */
export const MAX_VALUES_PER_S = 50_000;
/** Events a second that are taken over time, and at once: more is left out, and its count told. */
export const MAX_EVENTS_PER_S = 500;
export const MAX_EVENT_BURST = 5000;
/** Fields that are asked for with an event beyond those of conditions. */
export const MAX_ASSOCIATED = 64;
/** Conditions that are read at one notifier. */
export const MAX_CONDITIONS = 1000;
/** Arguments of a method. */
export const MAX_ARGUMENTS = 64;
/** Types from a variable up to a built-in one. */
export const MAX_TYPE_DEPTH = 16;
/** Devices of a DeviceSet that are looked at for their nameplate. */
export const MAX_DEVICES = 64;
/** Namespaces of a server; servers have a dozen. */
export const MAX_NAMESPACES = 1024;
/** Names of one enumeration. */
export const MAX_NAMES = 1000;
