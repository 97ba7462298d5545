const ID = /^[A-Za-z0-9_-]{1,256}$/;

/** File systems allow names of 255 bytes. */
const MAX_STEM_LENGTH = 128;

/** Returns whether a text is a valid id of a script or an execution. Only valid ids are used in paths. */
export function isScriptId(text: string): boolean {
  return ID.test(text);
}

/**
 * Returns the id for a file name: `check_lidar_health` for `check_lidar_health.sh`; `undefined` if it gives no valid
 * id.
 */
export function idOfFile(filename: string): string | undefined {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  const stem = name.replace(/(?<=.)\.[^.]*$/, '');
  return isScriptId(stem) && stem.length <= MAX_STEM_LENGTH ? stem : undefined;
}
