import { ERROR_CODES, type ErrorCodeEntry, isVendorCode } from './codes.ts';

/** `docs/errors.md`: every public error code, its status and when it is sent. */
export function errorsMarkdown(): string {
  const entries = Object.entries<ErrorCodeEntry>(ERROR_CODES);
  const rows = (vendor: boolean) =>
    entries
      .filter(([code]) => isVendorCode(code) === vendor)
      .map(([code, { status, message, when }]) => `| \`${code}\` | ${status} | ${message} | ${when} |`);
  const head = (name: string) => [`| ${name} | HTTP | message | when |`, '|---|---|---|---|'];
  return [
    '# Errors',
    '',
    'Every error has the body `{"error_code", "message", "parameters"?}`. A message can be more specific than the',
    'default below. Programs evaluate the code and `parameters`, not the message.',
    '',
    ...head('error_code'),
    ...rows(false),
    '',
    'The following codes are sent as `"error_code": "vendor-error"` with the code in `vendor_code`:',
    '',
    ...head('vendor_code'),
    ...rows(true),
    '',
  ].join('\n');
}
