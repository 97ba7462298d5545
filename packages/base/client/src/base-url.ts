import { API_BASE } from './routes/addresses.generated.ts';

/** Default address of a gateway. */
export const DEFAULT_GATEWAY_URL = 'http://127.0.0.1:8080';

const DEFAULT_PORT = 8080;
const API = /\/api\/v1\/?$/;

/** Thrown for a text that is not the address of a gateway. The message gives the reason. */
export class InvalidGatewayUrl extends Error {
  override readonly name = 'InvalidGatewayUrl';
}

/**
 * Normalizes the address of a gateway: `http://robot-01:8080`, without a trailing slash. Accepts a host name or IP
 * address with or without a port (default: 8080, over HTTP), a complete URL, or the URL of the API. Throws
 * `InvalidGatewayUrl`.
 */
export function gatewayUrl(typed: string): string {
  const text = typed.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const address = hasScheme ? text : `http://${bracketIpv6(text)}`;
  if (text === '' || !URL.canParse(address)) throw new InvalidGatewayUrl(`"${typed}" is not a valid address`);
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidGatewayUrl(`"${typed}": unsupported scheme ${url.protocol.slice(0, -1)}, use http or https`);
  }
  // The message does not repeat the address: the part before the @ is a secret.
  if (url.username !== '' || url.password !== '') {
    throw new InvalidGatewayUrl('the address must not contain a user name or password: use a token instead');
  }
  if (url.search !== '' || url.hash !== '')
    throw new InvalidGatewayUrl(`"${typed}" must not contain a query or a fragment`);
  if (!hasScheme && !/:\d+(?:\/|$)/.test(address.slice('http://'.length))) url.port = String(DEFAULT_PORT);
  return `${url.origin}${url.pathname.replace(API, '').replace(/\/+$/, '')}`;
}

/** Encloses a plain IPv6 address in brackets, as URLs require. */
function bracketIpv6(text: string): string {
  return /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) ? `[${text}]` : text;
}

/**
 * Returns the function that removes the path of a gateway's URL from the addresses of the API in a JSON text: a fleet hub
 * returns `/fleet/amr-17/api/v1/…`, and programs read `/api/v1/…` from every gateway.
 */
export function localAddressesOf(url: string): (text: string) => string {
  const path = new URL(url).pathname.replace(/\/$/, '');
  if (path === '') return (text) => text;
  const forms = [`"${API_BASE}/`, `"${API_BASE}"`, `=${API_BASE}/`, `=${encodeURIComponent(`${API_BASE}/`)}`] as const;
  const marks = forms.map((form) => {
    const prefix = form.includes('%') ? encodeURIComponent(path) : path;
    return [`${form[0]}${prefix}${form.slice(1)}`, form] as const;
  });
  return (text) => marks.reduce((local, [mark, form]) => local.replaceAll(mark, form), text);
}
