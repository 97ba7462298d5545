import { MAX_SOCKET_PATH_BYTES } from '@medkit/edges';

/** Address of a receiver: a UDP port on the loopback interface, or a Unix stream socket. */
export type IngestAddress =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const LOOPBACK = /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const MAX_PORT = 65_535;

/**
 * Parses `udp:127.0.0.1:7799` or `unix:/run/medkit/island.sock`. Port 0 lets the operating system choose. Throws for
 * addresses other than loopback: programs on other machines could send anything, at network speed.
 */
export function ingestAddress(text: string): IngestAddress {
  const [kind] = text.split(':', 1);
  if (kind === 'unix') return unixAddress(text);
  if (kind === 'udp') return udpAddress(text);
  throw new Error(`${JSON.stringify(text)}: expected udp:127.0.0.1:<port> or unix:/<path>`);
}

function udpAddress(text: string): IngestAddress {
  const [, name = '', port = ''] = /^udp:(.*):(\d{1,5})$/.exec(text) ?? [];
  const host = name === 'localhost' ? '127.0.0.1' : name;
  if (port === '' || Number(port) > MAX_PORT) {
    throw new Error(`${JSON.stringify(text)}: expected udp:127.0.0.1:<port>, with a port of up to ${MAX_PORT}`);
  }
  if (!LOOPBACK.test(host)) {
    throw new Error(`${JSON.stringify(text)}: ${host} is not an address of the loopback interface: use 127.0.0.1`);
  }
  return { kind: 'udp', host, port: Number(port) };
}

function unixAddress(text: string): IngestAddress {
  const path = text.slice('unix:'.length);
  if (!path.startsWith('/') || path.includes('\0')) {
    throw new Error(`${JSON.stringify(text)}: expected an absolute path after unix:`);
  }
  const octets = Buffer.byteLength(path);
  if (octets > MAX_SOCKET_PATH_BYTES) {
    throw new Error(`${path} has ${octets} octets: a socket may have ${MAX_SOCKET_PATH_BYTES}, choose a shorter path`);
  }
  return { kind: 'unix', path };
}
