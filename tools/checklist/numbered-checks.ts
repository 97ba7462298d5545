import { namesOfTests } from './checklist.ts';

/** The numbers in the tables of a checklist, those that are left out apart. Throws where one is there twice. */
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

/** The numbers with which names of tests begin: `check 23, 24: …`. */
export function numbersOfTests(source: string): readonly number[] {
  return namesOfTests(source).flatMap((name) =>
    (/^check ([\d, ]+):/.exec(name)?.[1] ?? '').split(',').filter(Boolean).map(Number),
  );
}
