import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageFolder } from './package-folders.ts';

const root = join(import.meta.dirname, '..', '..');

/** Words of one kind of runtime. Code for every runtime must not use them, neither in names nor in comments. */
const ROS_TERM =
  /^(?:ros\d?|rosbags?|rosout|rclcpp|rclpy|rcl|rmw|ament|dds|rtps|cdr|fastdds|cyclonedds|fqns?|topics?)$/i;

/** Error codes are defined by the contract, whichever package throws them. */
const ERROR_CODE = /\bx-medkit-ros2-[a-z-]+/g;

/** Packages with code for every runtime, each with the folders that contain it. */
const GENERAL: Readonly<Record<string, string>> = {
  audit: '**',
  core: '**',
  entities: '**',
  faults: '{bulk-data,fault-triggers,service}/**',
  locks: '**',
  scripts: '{recent-executions,service}/**',
  subscriptions: '**',
  triggers: '**',
  updates: '**',
};

/** Files that may use such words, each with the words and the reason. */
const ALLOWED: Readonly<Record<string, { readonly terms: readonly string[]; readonly reason: string }>> = {
  'core/src/merge/merge-nameplate.ts': {
    terms: ['topic'],
    reason: 'a source of entities, as x-medkit of an entity has it',
  },
  'entities/src/bulk-data/category.ts': {
    terms: ['rosbags'],
    reason: 'a category of bulk data in paths of the contract',
  },
  'entities/src/data/data-service.ts': { terms: ['topic'], reason: 'the parameter topic_name of errors' },
  'entities/src/data/named-data.ts': { terms: ['topic'], reason: 'the parameter topic_name of errors' },
  'entities/src/discovery/list-item.ts': {
    terms: ['ros2'],
    reason: 'the block of x-medkit in which the contract has the names of an entity in its graph',
  },
  'entities/src/logs/log-sources.ts': {
    terms: ['rosout'],
    reason: 'who did not answer, in a list at the path /rosout',
  },
  'entities/src/operations/operation-item.ts': { terms: ['ros2'], reason: 'the source that clients look for' },
  'entities/src/operations/operation-target.ts': { terms: ['ros2'], reason: 'the parameter ros2_paths of an error' },
  'faults/src/service/evidence/environment-data.ts': { terms: ['rosbag'], reason: 'the field rosbag_snapshots' },
  'faults/src/service/evidence/frame-item.ts': { terms: ['topic'], reason: 'the field topic of a freeze frame' },
  'faults/src/service/evidence/recording-item.ts': {
    terms: ['rosbag', 'rosbags'],
    reason: 'the type and the name of a recording, its path, and the shapes of the contract',
  },
};

function termsIn(text: string): readonly string[] {
  const tokens = text
    .replaceAll(ERROR_CODE, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/);
  return [...new Set(tokens.filter((word) => ROS_TERM.test(word)).map((word) => word.toLowerCase()))].sort();
}

test('words of one kind of runtime are found in names, texts and comments, and not in codes of errors', () => {
  assert.deepEqual(termsIn("const nodeFqns = byTopic('x-medkit-ros2-topic-unavailable'); // of ROS"), [
    'fqns',
    'ros',
    'topic',
  ]);
});

test('code for every runtime uses no word of ROS except names on the wire', () => {
  const found = Object.entries(GENERAL).flatMap(([name, folder]) =>
    globSync(`src/${folder}/*.ts`, { cwd: join(root, packageFolder(name)) })
      .filter((source) => !/\.test\.ts$|\/testing\//.test(source))
      .map(
        (source) =>
          [`${name}/${source}`, termsIn(readFileSync(join(root, packageFolder(name), source), 'utf8'))] as const,
      )
      .filter(([, terms]) => terms.length > 0),
  );
  const allowed = Object.entries(ALLOWED).map(([file, { terms }]) => [file, terms]);
  assert.deepEqual(
    found.sort(([a], [b]) => (a < b ? -1 : 1)),
    allowed,
  );
});
