/** Messages that ROS derives from an action or a service. */
const DERIVED: Readonly<Record<string, RegExp>> = {
  action: /_(?:Goal|Result|Feedback|FeedbackMessage|(?:SendGoal|GetResult)(?:_Request|_Response|_Event)?)$/,
  srv: /_(?:Request|Response|Event)$/,
};

/**
 * The file that defines a type, below a prefix of `AMENT_PREFIX_PATH`: `share/pkg/action/Go.action` for
 * `pkg/action/Go_SendGoal_Request`. Returns `undefined` if the name is not that of a type.
 */
export function definitionFile(type: string): string | undefined {
  const [pkg, kind, name] = type.split('/');
  if (!pkg || !kind || !name) return undefined;
  const derived = DERIVED[kind];
  return `share/${pkg}/${kind}/${derived ? name.replace(derived, '') : name}.${kind}`;
}
