const PREFIX = 'whsec_';
/** Bytes of a base64 secret, as in Standard Webhooks. */
const MIN_OCTETS = 24;
const MAX_OCTETS = 64;
const MIN_LENGTH = 16;
const MAX_LENGTH = 256;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** Returns why `secret` cannot sign deliveries. The text omits the secret. */
export function secretProblem(secret: string): string | undefined {
  if (!secret.startsWith(PREFIX)) {
    return secret.length < MIN_LENGTH || secret.length > MAX_LENGTH
      ? `The secret does not have ${MIN_LENGTH} to ${MAX_LENGTH} characters`
      : undefined;
  }
  const encoded = secret.slice(PREFIX.length);
  const { length } = keyOf(secret);
  return !BASE64.test(encoded) || length < MIN_OCTETS || length > MAX_OCTETS
    ? `What follows ${PREFIX} in the secret is not the base64 of ${MIN_OCTETS} to ${MAX_OCTETS} bytes`
    : undefined;
}

/** Returns the key of a secret: the part after `whsec_` is base64; any other text is used as UTF-8. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');
}
