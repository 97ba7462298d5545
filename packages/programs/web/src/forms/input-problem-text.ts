import { texts } from '../texts/texts.ts';
import type { InputProblem } from './parse-input.ts';

/** Returns the message for an input problem. */
export function inputProblemText(problem: InputProblem): string {
  switch (problem.is) {
    case 'range':
      return texts.forms.range(problem.least, problem.most);
    case 'least':
      return texts.forms.least(problem.least);
    case 'most':
      return texts.forms.most(problem.most);
    case 'longest':
      return texts.forms.longest(problem.longest);
    default:
      return texts.forms[problem.is];
  }
}
