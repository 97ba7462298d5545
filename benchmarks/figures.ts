import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareFigures, type Figure, readFigures } from '../tools/figures/measured-figures.ts';

const root = join(import.meta.dirname, '..');
const DOCUMENT = 'docs/performance.md';

/**
 * Runs the benchmarks of the table in `docs/performance.md`, or only those in `chosen`, and compares their output with
 * the documented figures. Returns whether all figures still hold.
 */
export async function figures(chosen: readonly string[]): Promise<boolean> {
  const all = readFigures(readFileSync(join(root, DOCUMENT), 'utf8'));
  const unknown = chosen.find((name) => !all.some(({ benchmark }) => benchmark === name));
  if (unknown !== undefined) throw new Error(`${DOCUMENT} has no figure of the benchmark "${unknown}"`);
  const wanted = all.filter(({ benchmark }) => chosen.length === 0 || chosen.includes(benchmark));
  const differing: string[] = [];
  for (const [benchmark, rows] of Map.groupBy(wanted, (figure: Figure) => figure.benchmark)) {
    const { lines, isHeld } = compareFigures(rows, await outputOf(benchmark));
    console.log(lines.join('\n'));
    if (!isHeld) differing.push(benchmark);
  }
  if (differing.length > 0) console.log(`${DOCUMENT} differs from what these measured: ${differing.join(', ')}`);
  return differing.length === 0;
}

/**
 * Returns the output of a benchmark. It runs in a separate process, so that a failed one does not affect the others.
 */
async function outputOf(benchmark: string): Promise<string> {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [...process.execArgv, main, benchmark], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  await once(child, 'close');
  return output;
}
