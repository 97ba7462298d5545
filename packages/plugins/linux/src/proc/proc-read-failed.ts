/** A file of `/proc` that is not there, cannot be read, or does not say what it should. The message names it. */
export class ProcReadFailed extends Error {
  override readonly name = 'ProcReadFailed';
}
