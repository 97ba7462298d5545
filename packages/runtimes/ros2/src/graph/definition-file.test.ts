import assert from 'node:assert/strict';
import { it } from 'node:test';
import { definitionFile } from './definition-file.ts';

it('the file of a type is the file of the action or service from which it is derived', () => {
  for (const [type, file] of [
    ['pkg/msg/Go', 'share/pkg/msg/Go.msg'],
    ['pkg/msg/Go_Goal', 'share/pkg/msg/Go_Goal.msg'],
    ['pkg/srv/Go_Request', 'share/pkg/srv/Go.srv'],
    ['pkg/srv/Go', 'share/pkg/srv/Go.srv'],
    ['pkg/action/Go_SendGoal', 'share/pkg/action/Go.action'],
    ['pkg/action/Go_GetResult_Response', 'share/pkg/action/Go.action'],
    ['pkg/action/Go_FeedbackMessage', 'share/pkg/action/Go.action'],
    ['pkg/action/Go_Goal', 'share/pkg/action/Go.action'],
    ['nonsense', undefined],
  ] as const) {
    assert.equal(definitionFile(type), file, type);
  }
});
