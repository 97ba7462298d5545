import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ROUTES } from '@medkit/contract';
import { PAGES } from '../../packages/programs/web/src/routes/pages.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = join(root, 'packages', 'programs', 'web', 'src');

/** Operations that the pages request by address: a browser downloads, uploads or streams without the typed client. */
const BY_ADDRESS = ['downloadBulkData', 'downloadFleetEvidence', 'exportIncident', 'streamLive', 'uploadBulkData'];

/** Returns the rows of both tables: an operation with its page or reason. */
function rowsOf(text: string): readonly (readonly [operation: string, what: string])[] {
  return [...text.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, operation, what]) => [operation!, what!]);
}

suite('the list of operations and their pages', () => {
  const [offered = [], without = []] = readFileSync(join(root, 'docs', 'reference', 'web-operations.md'), 'utf8')
    .split('## Without a page')
    .map(rowsOf);
  const code = globSync('**/*.{ts,tsx}', { cwd: pages })
    .filter((file) => !file.includes('.test.'))
    .map((file) => readFileSync(join(pages, file), 'utf8'))
    .join('\n');
  const isRequested = (operation: string) => code.includes(`'${operation}'`) || BY_ADDRESS.includes(operation);

  test('has each operation of the contract once', () => {
    const listed = [...offered, ...without].map(([operation]) => operation);
    assert.deepEqual(listed.toSorted(), Object.keys(ROUTES).toSorted());
  });

  test('names a page that exists and requests the operation', () => {
    const addresses: readonly string[] = Object.values(PAGES);
    for (const [operation, page] of offered) {
      assert.ok(page === 'every page' || addresses.includes(page.replaceAll('`', '')), `${operation}: ${page}`);
      assert.ok(isRequested(operation), `no page requests ${operation}`);
    }
  });

  test('says why no page requests the others', () => {
    for (const [operation, reason] of without) {
      assert.ok(!isRequested(operation), `a page requests ${operation}`);
      assert.match(reason, /^[A-Z].{10,}\.$/, operation);
    }
  });
});
