const MAX_HEADERS = 20;
const MAX_VALUE_LENGTH = 4096;
const MAX_NAME_LENGTH = 128;
const NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
/** Visible ASCII characters, with spaces or tabs between them. */
const VALUE = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/;
/** Headers of the transport, or of the delivery itself. */
const OURS = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** Returns why these headers cannot be sent with a delivery. The text omits values, which may be secret. */
export function headerProblem(headers: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(headers);
  if (entries.length > MAX_HEADERS) return `There are more than ${MAX_HEADERS} headers`;
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const plain = name.toLowerCase();
    if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) {
      return `${JSON.stringify(name.slice(0, MAX_NAME_LENGTH))} is not a valid header name`;
    }
    if (OURS.has(plain) || plain.startsWith('webhook-')) return `The header ${name} is set by the gateway itself`;
    if (seen.has(plain)) return `The header ${name} is set twice`;
    if (value.length > MAX_VALUE_LENGTH) return `The header ${name} is longer than ${MAX_VALUE_LENGTH} characters`;
    if (!VALUE.test(value)) return `The value of the header ${name} has characters that a header cannot have`;
    seen.add(plain);
  }
  return undefined;
}
