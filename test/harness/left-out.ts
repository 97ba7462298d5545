/**
 * The reason of a suite that is skipped because the machine lacks something: what is left out, and how to get it. In CI
 * (`CI` is set, and is not `false`) a machine that lacks something is an error: a skip there would be called a pass.
 */
export function leftOut(what: string, remedy: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const reason = `left out: ${what} (${remedy})`;
  if (inCi(env)) throw new Error(`In CI nothing may be ${reason}`);
  return reason;
}

const inCi = ({ CI }: Readonly<NodeJS.ProcessEnv>) => CI !== undefined && !['', '0', 'false'].includes(CI);
