import type { AddressSpace } from './library.ts';

/**
 * Gives a switch for whether the server tells of its alarms again when a client asks for that (OPC 10000-9, 5.5.7): there are
 * controllers that refuse it.
 */
export function conditionRefresh(addressSpace: AddressSpace): (isDone: boolean) => void {
  const method = addressSpace.findEventType('ConditionType')?.getMethodByName('ConditionRefresh');
  if (!method) throw new Error('the library has no ConditionRefresh');
  let isDone = true;
  method._getExecutableFlag = () => isDone;
  return (answers) => {
    isDone = answers;
  };
}
