import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { compareFigures, readFigures } from './measured-figures.ts';

const TABLE = `
| benchmark | line | figure | date |
| --- | --- | --- | --- |
| \`lists\` | \`GET /faults (… kept alive): … # (…) by processor time\` | 0.60 | 2026-11-26 |
| \`lists\` | \`memory: # MB\` | 118 | 2026-11-26 |
`;
const OUTPUT = `# lists
GET /faults (4 KB, one request each): 0.40 (0.39 0.41) of bare, 0.45 (0.44 0.46) by processor time
GET /faults (4 KB, kept alive): 0.50 (0.49 0.51) of bare, 0.58 (0.57 0.59) by processor time
memory: 140 MB
`;

describe('figures of the documents', () => {
  it('are compared with the line of the benchmark that the table names', () => {
    assert.deepEqual(compareFigures(readFigures(TABLE), OUTPUT), {
      lines: [
        'same     GET /faults (… kept alive): … # (…) by processor time: 0.6 in the documents, 0.58 measured (-3 %)',
        'DIFFERS  memory: # MB: 118 in the documents, 140 measured (+19 %)',
      ],
      isHeld: false,
    });
  });

  it('do not hold if the benchmark prints no such line', () => {
    const { lines, isHeld } = compareFigures(readFigures(TABLE), '# lists\n');
    assert.match(lines.join('\n'), /^MISSING .*\nMISSING .*118/);
    assert.equal(isHeld, false);
  });

  it('hold if all are within the tolerance', () => {
    assert.equal(compareFigures(readFigures(TABLE), OUTPUT.replace('140', '110')).isHeld, true);
  });

  it('need one placeholder for the figure in each line', () => {
    assert.throws(() => readFigures('| `lists` | `memory` | 3 | now |'), /needs one #/);
  });

  it('are all read from the page of measurements', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    assert.ok(rows.length > 0);
    assert.equal(readFigures(page).length, rows.length);
  });
});
