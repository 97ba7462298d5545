import { UPLINK_PROTOCOL } from '@medkit/tunnel/front';

/** Maximum bytes of a ClientHello or of the headers of a request that are read to find out what a connection is. */
export const MAX_FIRST_BYTES = 16_384;
/** Type of a TLS record and of its message, and of the extension with the protocols (RFC 8446, 5.1 and 4; RFC 7301). */
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const ALPN = 16;
const RECORD_HEADER = 5;
/** Message header, version and random number before the session id. */
const BEFORE_SESSION = 4 + 2 + 32;

/**
 * Returns whether a connection begins with the uplink of a robot: a request to upgrade one of `paths`, or a ClientHello that
 * offers the protocol of the uplink. Returns `undefined` if more bytes decide.
 */
export function beginsUplink(bytes: Buffer, paths: readonly string[]): boolean | undefined {
  if (bytes.length === 0) return undefined;
  const found = bytes[0] === HANDSHAKE ? offersUplink(bytes) : requestsUplink(bytes, paths);
  return found === undefined && bytes.length >= MAX_FIRST_BYTES ? false : found;
}

function requestsUplink(bytes: Buffer, paths: readonly string[]): boolean | undefined {
  const text = bytes.toString('latin1', 0, MAX_FIRST_BYTES);
  const isPossible = paths.some((path) => {
    const line = `GET ${path}`;
    return text.startsWith(line.slice(0, text.length)) && ['', ' ', '?'].includes(text.charAt(line.length));
  });
  if (!isPossible) return false;
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? undefined : /\r\nupgrade:[ \t]*websocket[ \t]*\r\n/i.test(text.slice(0, end + 2));
}

function offersUplink(bytes: Buffer): boolean | undefined {
  if (bytes.length < RECORD_HEADER) return undefined;
  const length = bytes.readUInt16BE(3);
  if (length > MAX_FIRST_BYTES - RECORD_HEADER) return false;
  if (bytes.length < RECORD_HEADER + length) return undefined;
  const message = bytes.subarray(RECORD_HEADER, RECORD_HEADER + length);
  if (message[0] !== CLIENT_HELLO) return false;
  try {
    return protocolsOf(message).includes(UPLINK_PROTOCOL);
  } catch (error) {
    // The message is malformed, or has several records: the hub that serves answers it.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Returns the protocols that a ClientHello offers. Throws `RangeError` if it is too short. */
function protocolsOf(message: Buffer): readonly string[] {
  let at = BEFORE_SESSION;
  at += 1 + message.readUInt8(at);
  at += 2 + message.readUInt16BE(at);
  at += 1 + message.readUInt8(at);
  const end = at + 2 + message.readUInt16BE(at);
  for (at += 2; at < end; ) {
    const [type, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 2)];
    at += 4;
    if (type === ALPN) return namesIn(message.subarray(at, at + length));
    at += length;
  }
  return [];
}

function namesIn(extension: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = 2; at < extension.length; ) {
    const length = extension.readUInt8(at);
    names.push(extension.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return names;
}
