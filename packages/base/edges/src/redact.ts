/**
 * Minimum length of a secret: shorter texts occur in any reply, so redacting them would hide nothing and garble much.
 */
const MIN_SECRET_LENGTH = 6;
/** Segments of a path that look like a token: long, with a digit. */
const TOKEN_SEGMENT = /^(?=.*\d)[\w.~+=-]{16,}$/;

/**
 * Returns `text` with each secret replaced by `…`. Redact before you truncate a text: a truncated secret is not found
 * any more.
 */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '…')), text);
}

/**
 * Returns the secrets of a request that a reply or error must not show, longest first. They are header values with and
 * without their scheme, and user, query and path tokens of the URL. Each is also included percent-decoded and
 * JSON-escaped.
 */
export function secretsOfRequest(url: string, headers: Readonly<Record<string, string>>): readonly string[] {
  const { username, password, pathname, search, searchParams } = new URL(url);
  const ofUrl = [password, username === '' ? '' : `${username}:${password}`, search, ...searchParams.values()];
  const ofPath = pathname.split('/').filter((segment) => TOKEN_SEGMENT.test(segment));
  const ofHeaders = Object.values(headers).flatMap((value) => {
    const [scheme = '', token = ''] = value.split(/ +/, 2);
    return token === '' ? [value] : [value, token, ...(/^basic$/i.test(scheme) ? basicParts(token) : [])];
  });
  const forms = [...ofUrl, ...ofPath, ...ofHeaders].flatMap((text) => [text, decoded(text)]);
  const written = forms.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
  const secrets = new Set(written.filter((text) => text.length >= MIN_SECRET_LENGTH && !MEDIA_TYPE.test(text)));
  return [...secrets].sort((a, b) => b.length - a.length);
}

/** The value of `Content-Type`, which many replies name. */
const MEDIA_TYPE = /^application\/[\w.+-]+$/;

function basicParts(token: string): readonly string[] {
  const text = Buffer.from(token, 'base64').toString();
  return [text, text.slice(text.indexOf(':') + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Returns a URL that is safe to show: without user, query values and tokens in its path. Returns any other text
 * unchanged.
 */
export function redactUrl(text: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { username, password, pathname, search, hash } = new URL(text);
  const segments = pathname.split('/');
  const hasToken = segments.some((segment) => TOKEN_SEGMENT.test(segment));
  if (username + password + search + hash === '' && !hasToken) return text;
  const path = segments.map((segment) => (TOKEN_SEGMENT.test(segment) ? '…' : segment)).join('/');
  const user = username + password === '' ? '' : '…@';
  // Host and port as written.
  const authority = text.slice(text.indexOf('://') + 3).split(/[/?#]/, 1)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return `${text.slice(0, text.indexOf('://'))}://${user}${host}${path}${search === '' ? '' : '?…'}`;
}

/** `user:password@host` without a scheme. */
const LOGIN = /(?<![^\s,;=("'])[^\s,;=("'@/:]+:[^\s,;@/]+@(?=[\w[])/g;

/**
 * Returns a text in which every URL is redacted, also URLs that a parser rejects, and logins such as
 * `user:password@host`.
 */
export function redactUrls(text: string): string {
  const urls = text.replace(/(?<![a-z\d+.-])[a-z][a-z\d+.-]*:\/\/[^\s,;"'<>]+/gi, (url) =>
    URL.canParse(url) ? redactUrl(url) : url.replace(/:\/\/.*@/, '://…@').replace(/[?#].*$/, '?…'),
  );
  return urls.replace(LOGIN, '…@');
}
