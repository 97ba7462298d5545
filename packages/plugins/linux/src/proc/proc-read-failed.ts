/** A file of `/proc` that does not exist, cannot be read or has unexpected content. The message names it. */
export class ProcReadFailed extends Error {
  override readonly name = 'ProcReadFailed';
}
