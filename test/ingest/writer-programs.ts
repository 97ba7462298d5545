import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const examples = join(root, 'packages', 'wire', 'ingest', 'writers', 'examples');
const checks = join(import.meta.dirname, 'programs');
const STRICT = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-O2'];

/** Commands that run the programs of one language. */
export interface WriterPrograms {
  readonly language: string;
  readonly example: readonly string[];
  readonly check: readonly string[];
}

function compiled(source: string, folder: string, name: string): string {
  const program = join(folder, name);
  execFileSync('cc', [...STRICT, source, '-o', program], { stdio: 'inherit' });
  return program;
}

/** The example senders and the test programs of the writers: in C, compiled into `folder`, and in Python. */
export function writerPrograms(folder: string): readonly WriterPrograms[] {
  mkdirSync(folder, { recursive: true });
  const python = (script: string) => ['/usr/bin/python3', '-B', script];
  return [
    {
      language: 'C',
      example: [compiled(join(examples, 'safety_gate.c'), folder, 'safety_gate')],
      check: [compiled(join(checks, 'writer_check.c'), folder, 'writer_check')],
    },
    {
      language: 'Python',
      example: python(join(examples, 'safety_gate.py')),
      check: python(join(checks, 'writer_check.py')),
    },
  ];
}
