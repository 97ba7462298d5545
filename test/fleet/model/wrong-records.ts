import { registerHooks } from 'node:module';

/** Deliberately wrong builds of the record: each has one defect that the model check must detect. */
const BUILDS = {
  /** The cursor is on disk before the records are. */
  'cursor-before-commit': {
    'ingest/ingest.ts': [
      [
        'const { results } = await context.store.write(statements);',
        'const isMove = ({ sql }: Statement) => sql === MOVE;\n' +
          '  const moves = (await context.store.write(statements.filter(isMove))).results;\n' +
          '  const rest = (await context.store.write(statements.filter((each) => !isMove(each)))).results;\n' +
          '  const [inOrder, others] = [[...moves], [...rest]];\n' +
          '  const results = statements.map((each) => (isMove(each) ? inOrder : others).shift()!);',
      ],
    ],
  },
  /** A session writes without the lease. */
  'no-epoch': {
    'ingest/store-state.ts': [
      ["WHERE c.robot = ? AND c.epoch = ?'", "WHERE c.robot = ? AND c.epoch >= ?'"],
      ['WHERE robot = ? AND epoch = ?`', 'WHERE robot = ? AND epoch >= ?`'],
      ['WHERE robot = ? AND epoch = ? AND log = ?`', 'WHERE robot = ? AND epoch >= ? AND log = ?`'],
    ],
  },
  /** A log that begins again adds its records twice. */
  'no-unique-key': {
    'src/fleet-tables.ts': [['UNIQUE (robot, seq, hash, robot_ms)', 'CHECK (seq > 0)']],
    'ingest/ingest.ts': [['mayRepeat: after < ', 'mayRepeat: after < 0 && after < ']],
  },
  /** On a database whose key has the time of receipt, a log that begins again adds its records twice. */
  'no-repeats': {
    'src/fleet-tables.ts': [['UNIQUE (robot, seq, hash, robot_ms)', 'UNIQUE (robot, seq, hash, robot_ms, got_ms)']],
    'ingest/store-state.ts': [['repeats = (SELECT max(e.seq)', 'repeats = (SELECT min(e.seq)']],
  },
  /** The robot confirms the step of the ratchet before it stores it. */
  'confirmed-before-stored': {
    'model/connect-robot.ts': [['  store();\n', "  if (cut === 'before-confirm') await confirm();\n  else store();\n"]],
  },
  /** A cause that becomes known later creates another issue. */
  'issue-of-later-cause': {
    'ingest/known-issues.ts': [['AND NOT EXISTS (SELECT 1', 'AND 0 <= (SELECT count(*)']],
  },
  /** Records that are older than the state change what is active now. */
  'state-as-history': {
    'ingest/ingest.ts': [
      ['fault && record.seq > position.newest', 'fault'],
      ['AND coalesce(c.newest, 0) < ?\n', 'AND 0 < ?\n'],
      ['AND coalesce(c.newest, 0) < ?)', 'AND 0 < ?)'],
    ],
  },
} as const;

export type WrongBuild = keyof typeof BUILDS;
export const WRONG_BUILDS = Object.keys(BUILDS) as readonly WrongBuild[];

/** Preloaded into a model check: this variable selects the defect. */
const wanted = process.env['MEDKIT_TEST_WRONG_RECORD'];
if (wanted !== undefined) {
  const build = Object.entries<readonly (readonly [right: string, wrong: string])[]>(BUILDS[wanted as WrongBuild]);
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const [module, changes] = build.find(([name]) => url.endsWith(name)) ?? [];
      if (!changes) return loaded;
      let source = String(loaded.source);
      for (const [right, wrong] of changes) {
        if (!source.includes(right)) throw new Error(`${module} has no "${right}" any more: break it in another way`);
        source = source.replace(right, wrong);
      }
      return { ...loaded, source };
    },
  });
}
