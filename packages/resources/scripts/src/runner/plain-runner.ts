import { FORMATS } from '../script-format.ts';
import { MAX_WRITTEN_FILE_BYTES, type Runner } from './runner.ts';

/** POSIX: the unit of `ulimit -f`. */
const LIMIT_UNIT = 512;
/** No core dumps, and a bounded file size. */
const LIMITED = `ulimit -c 0; ulimit -f ${MAX_WRITTEN_FILE_BYTES / LIMIT_UNIT}; exec "$@"`;

/** Runs scripts as the gateway's user, with all its permissions. */
export const plainRunner: Runner = {
  name: 'plain',
  executable: 'sh',
  missing: 'the program sh does not exist',
  program: async ({ format, args, file, folder }) => ({
    command: ['sh', '-c', LIMITED, 'sh', FORMATS[format].interpreter, file, ...args],
    folder,
    home: folder,
  }),
};
