/**
 * Returns the reason of a suite that is skipped because the machine lacks something: what is skipped, and how to get
 * it. In CI (`CI` is set, and is not `false`) this is an error: a skip there would be mistaken for a pass.
 */
export function skipReason(what: string, remedy: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const reason = `left out: ${what} (${remedy})`;
  if (inCi(env)) throw new Error(`In CI nothing may be ${reason}`);
  return reason;
}

const inCi = ({ CI }: Readonly<NodeJS.ProcessEnv>) => CI !== undefined && !['', '0', 'false'].includes(CI);
