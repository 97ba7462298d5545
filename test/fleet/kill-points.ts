import { registerHooks } from 'node:module';

const STORED = 'await rename(next, path);\n    await syncFolder(dirname(path));\n  },\n  makeFolder';
const ENROLLED = 'await context.store.write(statements);\n  const added';
const KILL = "process.kill(process.pid, 'SIGKILL')";

/** Returns the end of a replaced file, with a kill if the file has this name. */
const stored = (file: string, when: 'before' | 'after'): string => {
  const kill = `if (path.endsWith('${file}')) ${KILL};`;
  return when === 'before' ? `${kill} ${STORED}` : STORED.replace('dirname(path));', `dirname(path)); ${kill}`);
};
const KEY = { module: 'node/writable-files.ts', right: STORED };
const RECORD = { module: 'handshake/enrol.ts', right: ENROLLED };

/** A line of a module, and what replaces it. */
interface KillPoint {
  readonly module: string;
  readonly right: string;
  readonly killed: string;
}

/** Points of an enrolment at which a process is killed with SIGKILL, as by a power failure of its machine. */
const ROBOT_POINTS: Readonly<Record<string, KillPoint>> = {
  'before the key is stored': { ...KEY, killed: stored('key.pem', 'before') },
  'after the key is stored': { ...KEY, killed: stored('key.pem', 'after') },
  'after the hub has answered': {
    module: 'src/robot-end.ts',
    right: 'await options.store(enrolled);',
    killed: `${KILL}; await options.store(enrolled);`,
  },
  'before hub.json is renamed': { ...KEY, killed: stored('hub.json', 'before') },
  'after hub.json is renamed': { ...KEY, killed: stored('hub.json', 'after') },
};
const HUB_POINTS: Readonly<Record<string, KillPoint>> = {
  'before it commits': { ...RECORD, killed: `${KILL}; ${ENROLLED}` },
  'after it has committed': { ...RECORD, killed: ENROLLED.replace('(statements);', `(statements); ${KILL};`) },
};

export const ROBOT_KILL_POINTS = Object.keys(ROBOT_POINTS);
export const HUB_KILL_POINTS = Object.keys(HUB_POINTS);

/** Preloaded into a program: this variable selects the point. */
const wanted = process.env['MEDKIT_TEST_KILL_POINT'];
if (wanted !== undefined) {
  const { module, right, killed } = { ...ROBOT_POINTS, ...HUB_POINTS }[wanted]!;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(module)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(right)) throw new Error(`${module} has no "${right}" any more: kill it at another line`);
      return { ...loaded, source: source.replace(right, killed) };
    },
  });
}
