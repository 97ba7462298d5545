/** Octets of an error that are looked through: those of medkit are short, and a plugin may send anything. */
const MAX_ERROR_BYTES = 64 * 1024;

/** What a reply that tells an error says of it. */
export interface ToldError {
  readonly code?: string;
  /** The lock that was in the way. */
  readonly lockId?: string;
}

/** Reads the error in the payload of a reply; nothing where it is none of SOVD. */
export function errorOf(payload: unknown): ToldError {
  if (!(typeof payload === 'string' || Buffer.isBuffer(payload)) || payload.length > MAX_ERROR_BYTES) return {};
  const { error_code, vendor_code, parameters } = objectOf(jsonOf(String(payload)));
  const code = vendor_code ?? error_code;
  const { lock_id } = objectOf(parameters);
  return { ...(typeof code === 'string' && { code }), ...(typeof lock_id === 'string' && { lockId: lock_id }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
