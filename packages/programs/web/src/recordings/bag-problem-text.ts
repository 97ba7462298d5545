import type { BagProblemKind } from './bag-problem.ts';
import { recordingTexts } from './texts.ts';

const PROBLEM = /^([a-z0-9-]+)(?:: ([\s\S]*))?$/;

/** Returns the translated message of a `BagProblem`; messages of libraries are returned unchanged. */
export function bagProblemText(message: string): string {
  const [, kind = '', detail = ''] = PROBLEM.exec(message) ?? [];
  const { problems, problem } = recordingTexts;
  return problem(Object.hasOwn(problems, kind) ? problems[kind as BagProblemKind](detail) : message);
}
