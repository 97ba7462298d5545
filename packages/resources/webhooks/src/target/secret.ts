const PREFIX = 'whsec_';
/** Octets of a secret in base64, as Standard Webhooks has them. */
const MIN_OCTETS = 24;
const MAX_OCTETS = 64;
const MIN_LENGTH = 16;
const MAX_LENGTH = 256;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** Why deliveries cannot be signed with `secret`, which is not shown. */
export function secretProblem(secret: string): string | undefined {
  if (!secret.startsWith(PREFIX)) {
    return secret.length < MIN_LENGTH || secret.length > MAX_LENGTH
      ? `The secret does not have ${MIN_LENGTH} to ${MAX_LENGTH} characters`
      : undefined;
  }
  const encoded = secret.slice(PREFIX.length);
  const { length } = keyOf(secret);
  return !BASE64.test(encoded) || length < MIN_OCTETS || length > MAX_OCTETS
    ? `What follows ${PREFIX} in the secret is not the base64 of ${MIN_OCTETS} to ${MAX_OCTETS} octets`
    : undefined;
}

/** The key that a secret stands for: what follows `whsec_` is base64, any other text counts as it is. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');
}
