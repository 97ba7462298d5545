import { namesOfTests } from './checklist.ts';

/**
 * Reads the numbers in the tables of a checklist; those left out are returned separately. Throws if a number occurs
 * twice.
 */
export function readNumbers(markdown: string): {
  readonly tested: readonly number[];
  readonly leftOut: readonly number[];
} {
  const [whole = '', rest = ''] = markdown.split('## Left out');
  const numbersIn = (text: string) => [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  const [tested, leftOut] = [numbersIn(whole), numbersIn(rest)];
  const all = [...tested, ...leftOut];
  const twice = all.find((number, at) => all.indexOf(number) !== at);
  if (twice !== undefined) throw new Error(`check ${twice} is there twice`);
  return { tested, leftOut };
}

/** Returns the numbers at the beginning of test names: `check 23, 24: …`. */
export function numbersOfTests(source: string): readonly number[] {
  return namesOfTests(source).flatMap((name) =>
    (/^check ([\d, ]+):/.exec(name)?.[1] ?? '').split(',').filter(Boolean).map(Number),
  );
}
