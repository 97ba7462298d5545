/** Where a broker is, what is spoken with it, and what it knows us by. */
export interface BrokerAddress {
  /** As `brokerUrl` gives it. */
  readonly url: string;
  readonly protocol: '3.1.1' | '5';
  readonly username?: string;
  readonly password?: string;
  /** PEM text of the certificates that vouch for the broker's; those of the system where absent. */
  readonly ca?: string;
  /** PEM texts of our own certificate and its key, where the broker asks for them. */
  readonly cert?: string;
  readonly key?: string;
  /** A connection on which the broker is silent for one and a half times as long is lost (default 15). */
  readonly keepaliveS?: number;
}

const EXPECTED = 'expected mqtt://<host>[:<port>], mqtts://…, ws://…/<path> or wss://…/<path>';

/**
 * The URL of a broker as BrokerAddress has it. Throws, in words, for anything else. Credentials in it are refused: it is shown
 * in logs and replies, so passwords come from files. So is a query, which may be one too.
 */
export function brokerUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === '') throw new Error(`${shown(text)}: ${EXPECTED}`);
  if (url.username !== '' || url.password !== '') {
    throw new Error(`the URL of a broker has no credentials in it: give user and password by themselves, from a file`);
  }
  if (!/^(?:mqtt|ws)s?:$/.test(url.protocol)) throw new Error(`${shown(text)}: ${EXPECTED}`);
  if (url.search !== '' || url.hash !== '') {
    throw new Error(`the URL of a broker has nothing behind ? or #: leave it out of ${shown(url.origin)}`);
  }
  if (url.port === '0') throw new Error(`${shown(text)}: 0 is no port of a broker`);
  const isWeb = url.protocol.startsWith('ws');
  if (!isWeb && !/^\/?$/.test(url.pathname)) throw new Error(`${shown(text)}: only ws:// and wss:// have a path`);
  return url.href;
}

/** What may be a URL with a password in it, such as `mqtt:/user:word@host`, is not shown. */
const shown = (text: string): string => (text.includes('@') ? 'the URL of the broker' : JSON.stringify(text));
