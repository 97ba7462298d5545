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

describe('recorded topics', () => {
  it('B03: are all except those of the infrastructure and of sensors, for an entity as for all', () => {
    for (const topics of ['entity', 'all', 'auto']) {
      assert.deepEqual(chosen({ topics }), ['/scan', '/cmd_vel', '/odom', '/waypoints'], topics);
    }
  });

  it('exclude sensors by name and type, but not names that only look similar', () => {
    const names = ['/camera/depth/points', '/image', '/a/compressed', '/waypoints', '/setpoints', '/joint_states'];
    const selected = selectTopics(
      names.map((name) => topic(name)),
      selection(),
    );
    assert.deepEqual(
      selected.map(({ name }) => name),
      ['/waypoints', '/setpoints', '/joint_states'],
    );
    assert.deepEqual(selectTopics([topic('/front', 'sensor_msgs/msg/CompressedImage')], selection()), []);
    assert.equal(chosen({ topics: 'all', excludeSensors: false }).includes('/lidar/top'), true);
  });

  it('are the configured ones, for config', () => {
    assert.deepEqual(chosen({ topics: 'config', configured: ['/odom', '/camera/image_raw', '/gone'] }), [
      '/odom',
      '/camera/image_raw',
    ]);
  });

  it('are the included ones only, for explicit', () => {
    assert.deepEqual(chosen({ topics: 'explicit', include: ['/odom', '/rosout'] }), ['/odom']);
    assert.deepEqual(chosen({ topics: 'explicit' }), []);
  });

  it('are those of a list, for any other text', () => {
    assert.deepEqual(chosen({ topics: ' /scan , ,/odom,' }), ['/scan', '/odom']);
  });

  it('contain included topics in every mode, and never excluded ones', () => {
    assert.deepEqual(chosen({ include: ['/camera/image_raw'], exclude: ['/scan', '/waypoints'] }), [
      '/cmd_vel',
      '/odom',
      '/camera/image_raw',
    ]);
    assert.deepEqual(chosen({ topics: '/scan', include: ['/scan'], exclude: ['/scan'] }), []);
  });
});

describe('the scope of a recording', () => {
  it('contains the topics of the sources, the transforms, and the included topics', () => {
    const scope = scopeOf(selection({ include: ['/odom'] }), ['/scan']);
    const inScope = ['/odom', '/scan', '/tf', '/tf_static', '/map'].filter((name) =>
      isInScope(scope, { key: name, name }),
    );
    assert.deepEqual(inScope, ['/odom', '/scan', '/tf', '/tf_static']);
  });

  it('is limited to the runtimes of the reporters', () => {
    const at = (runtime: string, name: string) => ({ key: topicKey({ runtime, name }), name, runtime });
    const scope = scopeOf(selection(), [at('first', '/scan').key], ['first']);
    const topicsIn = (of: typeof scope) =>
      ['first', 'second'].flatMap((runtime) =>
        ['/scan', '/tf'].filter((name) => isInScope(of, at(runtime, name))).map((name) => `${runtime} ${name}`),
      );
    assert.deepEqual(topicsIn(scope), ['first /scan', 'first /tf']);
    const both = scope && mergeScopes(scope, scopeOf(selection(), [at('second', '/scan').key], ['second']));
    assert.deepEqual(topicsIn(both), ['first /scan', 'first /tf', 'second /scan', 'second /tf']);
    assert.equal(scope && mergeScopes(scope, scope), scope);
    assert.deepEqual(topicsIn(scopeOf(selection(), [at('first', '/scan').key])), [
      'first /scan',
      'first /tf',
      'second /tf',
    ]);
  });

  it('is everything if the sources are unknown, and in every other mode', () => {
    assert.equal(scopeOf(selection(), []), undefined);
    assert.equal(scopeOf(selection({ topics: 'all' }), ['/scan']), undefined);
  });
});
