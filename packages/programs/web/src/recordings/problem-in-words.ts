import { texts } from '../texts/texts.ts';
import type { BagProblemKind } from './bag-problem.ts';

const PROBLEM = /^([a-z0-9-]+)(?:: ([\s\S]*))?$/;

/** The message of a `BagProblem` in the language of whoever reads it; what a library says, as it is. */
export function problemInWords(message: string): string {
  const [, kind = '', detail = ''] = PROBLEM.exec(message) ?? [];
  const { problems, problem } = texts.recordings;
  return problem(Object.hasOwn(problems, kind) ? problems[kind as BagProblemKind](detail) : message);
}
