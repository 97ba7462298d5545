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
    'Every error has the body `{"error_code", "message", "parameters"?}`. The message of a code may be more exact than the',
    'one shown here; the code and the names in `parameters` are what a program should look at.',
    '',
    ...head('error_code'),
    ...rows(false),
    '',
    'These are sent as `"error_code": "vendor-error"` with the code in `vendor_code`:',
    '',
    ...head('vendor_code'),
    ...rows(true),
    '',
  ].join('\n');
}
