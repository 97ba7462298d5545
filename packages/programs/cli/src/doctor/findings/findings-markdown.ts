import type { FindingKind } from './findings-table.ts';
import { FINDINGS } from './findings-table.ts';

/** The table of findings as Markdown, for docs/guides/troubleshooting.md. */
export function findingsMarkdown(): string {
  const kinds: readonly (readonly [string, FindingKind])[] = Object.entries(FINDINGS);
  return kinds
    .map(([id, { severity, title, means, remedy }]) =>
      [`### ${title.replace(/<\w+>/g, (name) => `\`${name}\``)}`, `\`${id}\`, ${severity}. ${means}`, remedy].join(
        '\n\n',
      ),
    )
    .join('\n\n');
}
