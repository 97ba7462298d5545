import { texts } from '../texts/texts.ts';
import type { InputProblem } from './parse-input.ts';

/** Why what was typed is refused, for who typed it. */
export function problemInWords(problem: InputProblem): string {
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
