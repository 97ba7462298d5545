const ID = /^[A-Za-z0-9_-]{1,256}$/;

/** A file system takes names of 255 octets. */
const MAX_STEM_LENGTH = 128;

/** Whether a text can be the id of a script or an execution: only then does it come near a path. */
export function isScriptId(text: string): boolean {
  return ID.test(text);
}

/** The id that the name of a file gives: `check_lidar_health.sh` is `check_lidar_health`; none where that is no id. */
export function idOfFile(filename: string): string | undefined {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  const stem = name.replace(/(?<=.)\.[^.]*$/, '');
  return isScriptId(stem) && stem.length <= MAX_STEM_LENGTH ? stem : undefined;
}
