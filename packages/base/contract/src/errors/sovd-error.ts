import type { GenericError } from '../schemas/generic-error.ts';
import { boundedParameters, MAX_MESSAGE, shortened } from './bounds.ts';
import { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isVendorCode, type VendorCode } from './codes.ts';

/** Arguments of a `SovdError`. `code` is enough if its default message and status fit. */
export interface SovdErrorInit {
  /** A code that medkit does not define needs a message, and a status unless that is 500. */
  readonly code: ErrorCode | VendorCode;
  readonly message?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly status?: number;
}

/** An error that the client sees unchanged. Any other error becomes an `internal-error` without detail. */
export class SovdError extends Error {
  override readonly name = 'SovdError';
  readonly code: ErrorCode | VendorCode;
  readonly status: number;
  readonly parameters: Readonly<Record<string, unknown>> | undefined;

  constructor({ code, message, parameters, status }: SovdErrorInit) {
    const usual = (ERROR_CODES as Readonly<Partial<Record<string, ErrorCodeEntry>>>)[code] ?? FOREIGN;
    super(shortened(message ?? filled(usual.message, parameters), MAX_MESSAGE));
    this.code = code;
    this.status = status ?? usual.status;
    this.parameters = parameters && Object.keys(parameters).length > 0 ? boundedParameters(parameters) : undefined;
  }

  /** The response body. */
  body(): GenericError {
    const vendor = isVendorCode(this.code);
    return {
      error_code: vendor ? 'vendor-error' : this.code,
      message: this.message,
      ...(vendor && { vendor_code: this.code }),
      ...(this.parameters && { parameters: this.parameters }),
    };
  }
}

/** Default status and message for a code of another vendor. */
const FOREIGN = { status: 500, message: 'Failed' };

function filled(template: string, parameters: Readonly<Record<string, unknown>> = {}): string {
  return template.replaceAll(/\{(\w+)\}/g, (hole, name: string) =>
    name in parameters ? String(parameters[name]) : hole,
  );
}
