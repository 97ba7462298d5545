/** Maximum bytes of an error that is parsed: medkit's errors are short, and a plugin may send anything. */
const MAX_ERROR_BYTES = 64 * 1024;

/** The parts of an error response that the audit uses. */
export interface ReportedError {
  readonly code?: string;
  /** The lock that caused the refusal. */
  readonly lockId?: string;
}

/** Parses the error in a response body; returns an empty object if it is not a SOVD error. */
export function errorOf(payload: unknown): ReportedError {
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
