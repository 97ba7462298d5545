/** Location, protocol version and credentials of a broker. */
export interface BrokerAddress {
  /** As returned by `brokerUrl`. */
  readonly url: string;
  readonly protocol: '3.1.1' | '5';
  readonly username?: string;
  readonly password?: string;
  /** PEM text of the CA certificates for the broker's certificate. Default: those of the system. */
  readonly ca?: string;
  /** PEM texts of the client certificate and its key, if the broker requires them. */
  readonly cert?: string;
  readonly key?: string;
  /** A connection on which the broker is silent for 1.5 times this interval is lost (default 15). */
  readonly keepaliveS?: number;
}

const EXPECTED = 'expected mqtt://<host>[:<port>], mqtts://…, ws://…/<path> or wss://…/<path>';

/**
 * Validates and normalises the URL of a broker. Throws for anything else. Credentials in the URL are rejected, because
 * the URL appears in logs and replies; passwords are read from files. Queries are rejected too, because they may be
 * secret.
 */
export function brokerUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === '') throw new Error(`${displayText(text)}: ${EXPECTED}`);
  if (url.username !== '' || url.password !== '') {
    throw new Error(`the URL of a broker must not contain credentials: set user and password separately, from a file`);
  }
  if (!/^(?:mqtt|ws)s?:$/.test(url.protocol)) throw new Error(`${displayText(text)}: ${EXPECTED}`);
  if (url.search !== '' || url.hash !== '') {
    throw new Error(
      `the URL of a broker must not contain a query or a fragment: remove it from ${displayText(url.origin)}`,
    );
  }
  if (url.port === '0') throw new Error(`${displayText(text)}: 0 is not a valid port`);
  const isWeb = url.protocol.startsWith('ws');
  if (!isWeb && !/^\/?$/.test(url.pathname)) throw new Error(`${displayText(text)}: only ws:// and wss:// have a path`);
  return url.href;
}

/** Hides text that may be a URL with a password, such as `mqtt:/user:word@host`. */
const displayText = (text: string): string => (text.includes('@') ? 'the URL of the broker' : JSON.stringify(text));
