/** Returns the JSON Pointer (RFC 6901) to a member below `at`. */
export function pointerTo(at: string, name: string): string {
  return `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * Returns the reference tokens of a JSON Pointer, empty for the whole value. Returns `undefined` if the text is not a
 * pointer.
 */
export function namesOf(pointer: string): readonly string[] | undefined {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined;
  if (/~(?![01])/.test(pointer)) return undefined;
  const names = pointer.split('/').slice(1);
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
