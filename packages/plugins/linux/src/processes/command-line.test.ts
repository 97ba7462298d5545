import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { argumentsOf, formatCommandLine, likelyNodeOf, nodesOf, programName } from './command-line.ts';

const ros = (...rules: string[]) => [
  '/opt/ros/lib/demo/talker',
  '--ros-args',
  ...rules.flatMap((rule) => ['-r', rule]),
];

describe('3.4 a command line', () => {
  it('names a node, with its namespace if it has one', () => {
    assert.deepEqual(nodesOf(ros('__node:=talker')), ['/talker']);
    assert.deepEqual(nodesOf(ros('__node:=talker', '__ns:=/robot')), ['/robot/talker']);
    assert.deepEqual(nodesOf(ros('__ns:=/robot/', '__node:=talker')), ['/robot/talker']);
    assert.deepEqual(nodesOf(ros('__ns:=robot', '__node:=talker')), ['/robot/talker']);
    assert.deepEqual(nodesOf(ros('__ns:=/', '__name:=talker')), ['/talker']);
  });

  it('names several nodes of one process', () => {
    const args = ros('planner:__node:=planner_2', 'planner:__ns:=/a', 'controller:__node:=controller_2', '__ns:=/b');
    assert.deepEqual(nodesOf(args), ['/a/planner_2', '/b/controller_2']);
  });

  it('names no node without a __node rule, and the first one if it has two', () => {
    assert.deepEqual(nodesOf(ros('__ns:=/robot', 'chatter:=talk')), []);
    assert.deepEqual(nodesOf(['echo', '__node:=']), []);
    assert.deepEqual(nodesOf(ros('__node:=first', '__node:=second')), ['/first']);
  });

  it('without a __node rule probably runs the node that is named like its program', () => {
    assert.equal(likelyNodeOf(ros()), '/talker');
    assert.equal(likelyNodeOf(ros('__ns:=/robot')), '/robot/talker');
    assert.equal(likelyNodeOf(ros('__node:=listener')), undefined);
    assert.equal(likelyNodeOf(['/usr/bin/python3', '-u', '/opt/x/bridge.py', 'arg']), '/bridge');
    assert.equal(likelyNodeOf([]), undefined);
  });

  it('gives the name of a program, or of the script that an interpreter runs', () => {
    assert.equal(programName(['node', '--inspect', 'server.mjs']), 'server');
    assert.equal(programName(['bash']), 'bash');
    assert.equal(programName(['python3', '-m', 'pkg.module']), 'pkg.module');
    assert.equal(programName(['bash', '-c', 'cd /opt; exec run/it']), 'bash');
    assert.equal(programName(['sshd: robot@pts/0']), undefined);
    assert.equal(programName(['']), undefined);
  });

  it('is shown with spaces for the NULs, trimmed', () => {
    assert.equal(formatCommandLine('a\0b c\0\0'), 'a b c');
    assert.deepEqual(argumentsOf('a\0\0b c\0'), ['a', 'b c']);
    assert.deepEqual(argumentsOf(''), ['']);
  });
});
