import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topicKey } from '../tap/tap-provider.ts';
import { isInScope, mergeScopes, scopeOf, selectTopics, type TopicSelection } from './select-topics.ts';

const selection = (changes: Partial<TopicSelection> = {}): TopicSelection => ({
  topics: 'entity',
  include: [],
  exclude: [],
  excludeSensors: true,
  configured: [],
  ...changes,
});

const topic = (name: string, type = 'std_msgs/msg/String') => ({ name, type });
const GRAPH = [
  topic('/scan', 'sensor_msgs/msg/LaserScan'),
  topic('/cmd_vel'),
  topic('/odom'),
  topic('/robot/rosout'),
  topic('/parameter_events'),
  topic('/camera/image_raw', 'sensor_msgs/msg/Image'),
  topic('/lidar/top', 'sensor_msgs/msg/PointCloud2'),
  topic('/waypoints'),
];
const chosen = (changes: Partial<TopicSelection>) => selectTopics(GRAPH, selection(changes)).map(({ name }) => name);

describe('topics that are listened to', () => {
  it('B03: are all but those of the house and of sensors, for an entity as for all', () => {
    for (const topics of ['entity', 'all', 'auto']) {
      assert.deepEqual(chosen({ topics }), ['/scan', '/cmd_vel', '/odom', '/waypoints'], topics);
    }
  });

  it('leave out sensors by their names and by their types, and names that only look like them not', () => {
    const names = ['/camera/depth/points', '/image', '/a/compressed', '/waypoints', '/setpoints', '/joint_states'];
    const kept = selectTopics(
      names.map((name) => topic(name)),
      selection(),
    );
    assert.deepEqual(
      kept.map(({ name }) => name),
      ['/waypoints', '/setpoints', '/joint_states'],
    );
    assert.deepEqual(selectTopics([topic('/front', 'sensor_msgs/msg/CompressedImage')], selection()), []);
    assert.equal(chosen({ topics: 'all', excludeSensors: false }).includes('/lidar/top'), true);
  });

  it('are those that the configuration names, for config', () => {
    assert.deepEqual(chosen({ topics: 'config', configured: ['/odom', '/camera/image_raw', '/gone'] }), [
      '/odom',
      '/camera/image_raw',
    ]);
  });

  it('are those that are included and no other, for explicit', () => {
    assert.deepEqual(chosen({ topics: 'explicit', include: ['/odom', '/rosout'] }), ['/odom']);
    assert.deepEqual(chosen({ topics: 'explicit' }), []);
  });

  it('are those of a list, for any other text', () => {
    assert.deepEqual(chosen({ topics: ' /scan , ,/odom,' }), ['/scan', '/odom']);
  });

  it('are included whatever the mode says, and excluded whatever else is said', () => {
    assert.deepEqual(chosen({ include: ['/camera/image_raw'], exclude: ['/scan', '/waypoints'] }), [
      '/cmd_vel',
      '/odom',
      '/camera/image_raw',
    ]);
    assert.deepEqual(chosen({ topics: '/scan', include: ['/scan'], exclude: ['/scan'] }), []);
  });
});

describe('the scope of a recording', () => {
  it('is what the sources have, the transforms, and what is always included', () => {
    const scope = scopeOf(selection({ include: ['/odom'] }), ['/scan']);
    const meant = ['/odom', '/scan', '/tf', '/tf_static', '/map'].filter((name) =>
      isInScope(scope, { key: name, name }),
    );
    assert.deepEqual(meant, ['/odom', '/scan', '/tf', '/tf_static']);
  });

  it('is of the runtimes of those who reported the faults alone', () => {
    const at = (runtime: string, name: string) => ({ key: topicKey({ runtime, name }), name, runtime });
    const scope = scopeOf(selection(), [at('first', '/scan').key], ['first']);
    const meant = (of: typeof scope) =>
      ['first', 'second'].flatMap((runtime) =>
        ['/scan', '/tf'].filter((name) => isInScope(of, at(runtime, name))).map((name) => `${runtime} ${name}`),
      );
    assert.deepEqual(meant(scope), ['first /scan', 'first /tf']);
    const both = scope && mergeScopes(scope, scopeOf(selection(), [at('second', '/scan').key], ['second']));
    assert.deepEqual(meant(both), ['first /scan', 'first /tf', 'second /scan', 'second /tf']);
    assert.equal(scope && mergeScopes(scope, scope), scope);
    assert.deepEqual(meant(scopeOf(selection(), [at('first', '/scan').key])), [
      'first /scan',
      'first /tf',
      'second /tf',
    ]);
  });

  it('is everything where nothing is known of the sources, and in every other mode', () => {
    assert.equal(scopeOf(selection(), []), undefined);
    assert.equal(scopeOf(selection({ topics: 'all' }), ['/scan']), undefined);
  });
});
