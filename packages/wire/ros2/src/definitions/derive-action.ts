import type { Field, MessageDefinition } from './definition.ts';
import { derivedField, serviceTypes } from './derive-service.ts';

const GOAL_ID = derivedField('goal_id', 'unique_identifier_msgs/msg/UUID');

/**
 * Returns the types of an action: its three parts, the services that send a goal and get its result, and the feedback
 * message. The action itself is included too; it only has a description and a hash.
 */
export function actionTypes(
  name: string,
  { goal, result, feedback }: Readonly<Record<'goal' | 'result' | 'feedback', MessageDefinition>>,
): readonly MessageDefinition[] {
  const message = (suffix: string, ...fields: readonly Field[]): MessageDefinition => ({
    name: `${name}_${suffix}`,
    fields,
    constants: [],
  });
  const feedbackMessage = message('FeedbackMessage', GOAL_ID, derivedField('feedback', feedback.name));
  const sendGoal = serviceTypes(
    `${name}_SendGoal`,
    message('SendGoal_Request', GOAL_ID, derivedField('goal', goal.name)),
    message(
      'SendGoal_Response',
      derivedField('accepted', 'bool'),
      derivedField('stamp', 'builtin_interfaces/msg/Time'),
    ),
  );
  const getResult = serviceTypes(
    `${name}_GetResult`,
    message('GetResult_Request', GOAL_ID),
    message('GetResult_Response', derivedField('status', 'int8'), derivedField('result', result.name)),
  );
  const action: MessageDefinition = {
    name,
    fields: [
      derivedField('goal', goal.name),
      derivedField('result', result.name),
      derivedField('feedback', feedback.name),
      derivedField('send_goal_service', `${name}_SendGoal`),
      derivedField('get_result_service', `${name}_GetResult`),
      derivedField('feedback_message', feedbackMessage.name),
    ],
    constants: [],
  };
  return [goal, result, feedback, ...sendGoal, ...getResult, feedbackMessage, action];
}
