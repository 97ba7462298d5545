import type { Finding } from './finding.ts';

/** What a description may be long, the mark of a cut included: it stays one line in any log. */
export const MAX_DESCRIPTION_LENGTH = 480;

const CUT = '...';

/** All findings of one fault in one line, in the order given. */
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
