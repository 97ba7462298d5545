/** A copy without the members that are `undefined`: what a message leaves out is left out of what is made of it. */
export function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
