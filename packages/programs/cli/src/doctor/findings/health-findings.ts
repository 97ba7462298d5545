import type { HealthWarning } from '@medkit/contract';
import type { Finding } from './finding.ts';
import type { FindingKind } from './findings-table.ts';
import { FINDINGS } from './findings-table.ts';

/**
 * Converts warnings of a gateway to findings. Their messages contain effect and remedy; the table provides title and severity.
 */
export function healthFindings(warnings: readonly HealthWarning[]): readonly Finding[] {
  const kinds: Readonly<Record<string, FindingKind>> = FINDINGS;
  return warnings.map(({ code, message, severity, docs, remedy }) => ({
    id: code,
    severity: kinds[code]?.severity ?? (severity === 'info' ? 'hint' : (severity ?? 'warning')),
    title: kinds[code]?.title ?? 'Warning of the gateway',
    seen: message,
    ...(remedy && { remedy: remedyText(remedy, docs ?? undefined) }),
  }));
}

function remedyText({ text, command }: NonNullable<HealthWarning['remedy']>, docs: string | undefined): string {
  const way = command == null ? text : `${text.replace(/\.$/, '')}: \`${command}\``;
  return docs === undefined ? way : `${way} (${docs})`;
}
