import type { AddressSpace } from './library.ts';

/**
 * Returns a function that enables or disables ConditionRefresh (OPC 10000-9, 5.5.7); some controllers reject it.
 */
export function conditionRefresh(addressSpace: AddressSpace): (isDone: boolean) => void {
  const method = addressSpace.findEventType('ConditionType')?.getMethodByName('ConditionRefresh');
  if (!method) throw new Error('node-opcua has no method ConditionRefresh');
  let isDone = true;
  method._getExecutableFlag = () => isDone;
  return (answers) => {
    isDone = answers;
  };
}
