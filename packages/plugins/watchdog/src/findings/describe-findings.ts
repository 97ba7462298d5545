import type { Finding } from './finding.ts';

/** Maximum length of a description, including the truncation mark: it fits into one log line. */
export const MAX_DESCRIPTION_LENGTH = 480;

const CUT = '...';

/** Returns all findings of a fault on one line, in the given order. */
export function describeFindings(findings: readonly Pick<Finding, 'key' | 'detail'>[]): string {
  const parts: string[] = [];
  let length = 0;
  for (const { key, detail } of findings) {
    const part = detail === '' ? key : detail;
    parts.push(part);
    length += part.length + 2;
    if (length > MAX_DESCRIPTION_LENGTH + 2) break;
  }
  const text = parts.join('; ');
  return text.length <= MAX_DESCRIPTION_LENGTH ? text : text.slice(0, MAX_DESCRIPTION_LENGTH - CUT.length) + CUT;
}
